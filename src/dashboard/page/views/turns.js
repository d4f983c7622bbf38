import { get, seg } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { TurnCard } from "./turn-card.js";

/**
 * @typedef {import("../../wire.js").RunDetail} RunDetail
 * @typedef {import("../../wire.js").TurnHead} TurnHead
 */

/** The turns of a run; those that are open and the one that is looked at are kept in the address. */
export class TurnList {
  /** @type {Map<number, TurnCard>} */
  #cards = new Map();
  #version = "";
  #fetching = false;
  #followsEnd = true;
  current = 0;

  /**
   * @param {string} id
   * @param {{ setQuery: ((query: URLSearchParams) => void) | null, leaving: AbortSignal, onFork: ((turn: number) => void) | null }} options `setQuery` is `null` inside another run's turn
   */
  constructor(id, options) {
    this.id = id;
    this.options = options;
    this.element = h("div", { class: "turns" });
  }

  /**
   * @param {Pick<RunDetail, "turnsVersion">} run
   * @param {boolean} first
   */
  async update({ turnsVersion }, first) {
    if (turnsVersion === this.#version || this.#fetching) return;
    this.#fetching = true;
    this.#version = turnsVersion;
    try {
      // Finished turns never change: only the newest can.
      const from = Math.max(1, ...[...this.#cards.values()].filter(({ head }) => head.ms !== null).map(({ head }) => head.turn + 1));
      this.#take(await get(`/runs/${seg(this.id)}/turns?from=${from}`), first);
    } catch {
      this.#version = "";
    } finally {
      this.#fetching = false;
    }
  }

  /**
   * @param {readonly TurnHead[]} heads
   * @param {boolean} first
   */
  #take(heads, first) {
    if (this.options.leaving.aborted) return;
    for (const head of heads) {
      const card = this.#cards.get(head.turn);
      if (card !== undefined) card.update(head);
      else {
        const made = new TurnCard(this.id, head, { onToggle: () => this.#remember(head.turn), onFork: this.options.onFork, leaving: this.options.leaving, childTurns: (id) => this.#child(id) });
        this.#cards.set(head.turn, made);
        this.element.append(made.element);
      }
    }
    const last = Math.max(0, ...this.#cards.keys());
    if (first) this.#restore(last);
    else if (this.#followsEnd && last > this.current) this.#follow(last);
  }

  /** As the address says, else the newest turn. @param {number} last */
  #restore(last) {
    const query = this.options.setQuery === null ? new URLSearchParams() : new URLSearchParams(location.search);
    const wanted = Number(query.get("turn") ?? 0);
    this.#followsEnd = wanted === 0;
    this.current = this.#cards.has(wanted) ? wanted : last;
    this.#mark();
    const card = this.#cards.get(this.current);
    card?.open();
    if (wanted > 0) card?.element.scrollIntoView({ block: "start" });
    const call = query.get("call");
    if (call !== null && /^\d+$/.test(call)) card?.openCall(Number(call));
  }

  /** A new turn opens, and the one before closes, as long as nobody has chosen another. @param {number} last */
  #follow(last) {
    this.#cards.get(this.current)?.close();
    this.current = last;
    this.#cards.get(last)?.open();
    this.#mark();
  }

  /** @param {number} turn */
  show(turn) {
    const card = this.#cards.get(turn);
    if (card === undefined) return;
    card.open();
    this.#remember(turn);
    card.element.scrollIntoView({ block: "start", behavior: "smooth" });
  }

  /** @param {number} by */
  move(by) {
    const turns = [...this.#cards.keys()].sort((a, b) => a - b);
    const turn = turns[Math.max(0, Math.min(turns.length - 1, turns.indexOf(this.current) + by))];
    if (turn === undefined) return;
    this.#remember(turn);
    this.#cards.get(turn)?.element.scrollIntoView({ block: "nearest" });
    this.#cards.get(turn)?.focus();
  }

  toggleCurrent() {
    this.#cards.get(this.current)?.toggle();
  }

  /** @param {string} id of a child run */
  #child(id) {
    const turns = new TurnList(id, { setQuery: null, leaving: this.options.leaving, onFork: null });
    void turns.update({ turnsVersion: "child" }, true);
    return h("section", { class: "nested", "aria-label": `Turns of ${id}` }, h("h3", {}, "Its turns"), turns.element);
  }

  /** @param {number} turn */
  #remember(turn) {
    this.#followsEnd = false;
    this.current = turn;
    this.#mark();
    if (this.options.setQuery === null) return;
    const query = new URLSearchParams(location.search);
    query.set("turn", String(turn));
    query.delete("call");
    this.options.setQuery(query);
  }

  #mark() {
    for (const [turn, { element }] of this.#cards) element.classList.toggle("at", turn === this.current);
  }
}
