import { h, setProps } from "./dom.js";

/**
 * @template R
 * @typedef {object} VirtualListOptions
 * @property {string} label of the list, for those who do not see it
 * @property {readonly string[]} columns
 * @property {number} rowPx height of each row
 * @property {number} maxRows visible at once
 * @property {(from: number, count: number) => Promise<{ total: number, rows: readonly R[] }>} load
 * @property {(row: R) => readonly import("./dom.js").Child[]} cells
 * @property {(row: R) => string} [rowClass]
 * @property {(row: R, index: number) => void} open
 */

const PAGE = 100;

/**
 * A list of any length that holds only what is seen: rows have one height, and pages of 100 are fetched when they come into view.
 * @template R
 */
export class VirtualList {
  #total = 0;
  /** @type {Map<number, readonly R[]>} */
  #pages = new Map();
  /** @type {Set<number>} */
  #loading = new Set();
  #active = 0;

  /** @param {VirtualListOptions<R>} options */
  constructor(options) {
    this.options = options;
    this.body = h("div", { class: "vl-body", role: "rowgroup" });
    this.view = h("div", { class: "vl-view", role: "table", "aria-label": options.label, tabindex: "0", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#onKey(event) }, this.body);
    // Beside the table, because it does not scroll.
    this.element = h("div", { class: "vl" }, h("div", { class: "vl-row vl-head", "aria-hidden": "true" }, options.columns.map((name) => h("span", {}, name))), this.view);
    this.view.addEventListener("scroll", () => this.#draw(), { passive: true });
  }

  /** @param {number} total known so far; what is seen is fetched again when `fresh` */
  update(total, fresh = false) {
    this.#total = total;
    setProps(this.view, { "aria-rowcount": total });
    const { rowPx, maxRows } = this.options;
    this.view.style.height = `${Math.min(total, maxRows) * rowPx + 2}px`;
    this.body.style.height = `${total * rowPx}px`;
    if (fresh) for (const page of this.#seenPages()) void this.#load(page, true);
    this.#draw();
  }

  /** @param {number} index */
  reveal(index) {
    const { rowPx } = this.options;
    const top = index * rowPx;
    if (top < this.view.scrollTop) this.view.scrollTop = top;
    else if (top + rowPx > this.view.scrollTop + this.view.clientHeight) this.view.scrollTop = top + rowPx - this.view.clientHeight;
    this.#active = index;
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const page = Math.max(1, Math.floor(this.view.clientHeight / this.options.rowPx) - 1);
    /** @type {Record<string, number>} */
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const move = moves[event.key];
    if (move !== undefined) this.reveal(Math.max(0, Math.min(this.#total - 1, this.#active + move)));
    else if (event.key === "Enter") this.#open(this.#active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} index */
  #open(index) {
    const row = this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
    if (row !== undefined) this.options.open(row, index);
  }

  #range() {
    const { rowPx } = this.options;
    const first = Math.max(0, Math.floor(this.view.scrollTop / rowPx) - 5);
    const last = Math.min(this.#total, first + Math.ceil((this.view.clientHeight || this.options.maxRows * rowPx) / rowPx) + 10);
    return { first, last };
  }

  #seenPages() {
    const { first, last } = this.#range();
    const pages = [];
    for (let page = Math.floor(first / PAGE); page * PAGE < last; page++) pages.push(page);
    return pages;
  }

  /**
   * @param {number} page
   * @param {boolean} [again]
   */
  async #load(page, again = false) {
    if (this.#loading.has(page) || (!again && this.#pages.has(page))) return;
    this.#loading.add(page);
    try {
      const { total, rows } = await this.options.load(page * PAGE, PAGE);
      this.#pages.set(page, rows);
      if (total !== this.#total) this.update(total);
      this.#draw();
    } finally {
      this.#loading.delete(page);
    }
  }

  #draw() {
    for (const page of this.#seenPages()) void this.#load(page).catch(() => undefined);
    const { first, last } = this.#range();
    const rows = [];
    for (let index = first; index < last; index++) rows.push(this.#row(index));
    this.body.replaceChildren(...rows);
  }

  /** @param {number} index */
  #row(index) {
    const { rowPx, cells, rowClass, columns } = this.options;
    const row = this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE];
    const shown = row === undefined ? [`${index + 1}`, "…", ...columns.slice(2).map(() => "")] : cells(row);
    const element = h("div", {
      class: `vl-row ${row === undefined ? "pending" : (rowClass?.(row) ?? "")} ${index === this.#active ? "active" : ""}`, role: "row", "aria-rowindex": index + 1,
      onclick: () => { this.#active = index; this.#open(index); this.#draw(); },
    }, shown.map((cell) => h("span", { role: "cell" }, cell)));
    element.style.top = `${index * rowPx}px`;
    return element;
  }
}
