import { get, seg } from "../lib/api.js";
import { h } from "../lib/dom.js";
import { count, duration, firstLine, money, plural, tokens } from "../lib/format.js";
import { VirtualList } from "../lib/virtual-list.js";
import { showCall } from "./call-dialog.js";

/** @typedef {import("../../wire.js").CallRow} CallRow */

const ROW_PX = 30;

/** The calls of one turn, as many as there are. */
export class CallList {
  /**
   * @param {string} id of the run
   * @param {number} turn
   * @param {import("./turn-card.js").TurnOptions} options
   */
  constructor(id, turn, options) {
    this.id = id;
    this.turn = turn;
    this.options = options;
    /** @type {VirtualList<CallRow>} */
    this.list = new VirtualList({
      label: `Calls of turn ${turn}`, columns: ["#", "Prompt", "Answer", "Model", "Tokens", "Cost", "Retries", "Took"], rowPx: ROW_PX, maxRows: 12,
      load: async (from, n) => {
        const { total, calls } = await get(`/runs/${seg(id)}/turns/${turn}/calls?from=${from}&count=${n}`);
        return { total, rows: calls };
      },
      cells: callCells,
      rowClass: ({ error, reply }) => (error !== null ? "bad" : reply === null ? "pending" : ""),
      open: (_row, index) => this.open(index),
    });
    this.count = h("span");
    this.element = h("section", { class: "calls" }, h("h3", {}, this.count), this.list.element);
  }

  /**
   * @param {number} total
   * @param {boolean} open the turn goes on
   */
  update(total, open) {
    this.count.textContent = plural(total, "call");
    this.list.update(total, open || this.wasOpen);
    this.wasOpen = open;
  }

  /** @type {boolean | undefined} */
  wasOpen;

  /** @param {number} index */
  open(index) {
    this.list.reveal(index);
    void showCall(this.id, this.turn, index, this.options);
  }
}

/** @param {CallRow} call */
function callCells({ index, kind, name, prompt, reply, error, usage, ms, retries, child }) {
  const answer = error !== null ? `${error.kind}: ${error.message}` : reply === null ? "…" : firstLine(reply);
  return [String(index + 1), firstLine(prompt), answer, h("span", {}, kind === "llm" ? (name ?? "–") : kind === "tool" ? `tool ${name ?? ""}` : child === null ? "child" : "child run"), count(tokens(usage)), money(usage.costUsd), retries.count === 0 ? "" : h("span", { class: "retried", title: retries.lastError ?? "" }, count(retries.count)), reply === null && error === null ? "" : duration(ms)];
}
