import { fill, h } from "../lib/dom.js";
import { count, duration, firstLine, money, plural, tokens } from "../lib/format.js";
import { python } from "../lib/python.js";
import { CallList } from "./calls.js";

/** @typedef {import("../../wire.js").TurnHead} TurnHead */

/**
 * @typedef {object} TurnOptions
 * @property {() => void} onToggle
 * @property {((turn: number) => void) | null} onFork `null`: one may only look
 * @property {AbortSignal} leaving
 * @property {(childId: string) => HTMLElement} childTurns the turns of a child run, to be shown in its call
 */

/** One turn: a line that tells the most of it, and all of it when it is opened. */
export class TurnCard {
  #open = false;
  /** @type {CallList | null} */
  #calls = null;

  /**
   * @param {string} id of the run
   * @param {TurnHead} head
   * @param {TurnOptions} options
   */
  constructor(id, head, options) {
    this.id = id;
    this.head = head;
    this.options = options;
    this.button = h("button", { class: "turn-line", "aria-expanded": "false", onclick: () => this.toggle() });
    this.body = h("div", { class: "turn-body", hidden: true });
    this.about = h("div");
    this.after = h("div");
    this.callBox = h("div");
    this.element = h("article", { class: "turn", "aria-label": `Turn ${head.turn}` }, h("h2", { class: "turn-head" }, this.button), this.body);
    this.body.append(this.about, this.callBox, this.after);
    this.#draw();
  }

  /** @param {TurnHead} head */
  update(head) {
    this.head = head;
    this.#draw();
  }

  focus() {
    this.button.focus({ preventScroll: true });
  }

  open() {
    if (this.#open) return;
    this.#open = true;
    this.#draw();
  }

  close() {
    if (!this.#open) return;
    this.#open = false;
    this.#draw();
  }

  toggle() {
    this.#open = !this.#open;
    this.#draw();
    this.options.onToggle();
  }

  /** @param {number} index */
  openCall(index) {
    this.open();
    this.#calls?.open(index);
  }

  #draw() {
    const { turn, reasoning, code, root, ms, calls, error, observation } = this.head;
    const state = ms === null ? h("span", { class: "pill live" }, observation === null && code !== null ? "running" : "under way") : error !== null ? h("span", { class: "pill bad" }, error.type) : null;
    fill(this.button, h("b", {}, `Turn ${turn}`), state, h("span", { class: "grow clip dim" }, firstLine(reasoning) || firstLine(code ?? "")),
      h("span", { class: "turn-facts" }, calls > 0 && h("span", {}, plural(calls, "call")), h("span", {}, `${count(tokens(root.usage))} tok`), h("span", {}, duration(ms ?? Date.now() - this.head.startedAtMs))));
    this.button.setAttribute("aria-expanded", String(this.#open));
    this.body.hidden = !this.#open;
    if (this.#open) this.#drawBody();
  }

  #drawBody() {
    const { turn, reasoning, code, observation, steers, stateLine, error, root, cellMs, calls, ms } = this.head;
    const { onFork } = this.options;
    fill(this.about,
      steers.map((steer) => h("blockquote", { class: "steer" }, steer)),
      reasoning.trim() !== "" && h("p", { class: "text reasoning" }, reasoning),
      code === null ? h("p", { class: "dim" }, "The reply held no code.") : python(code));
    if (calls > 0) {
      this.#calls ??= new CallList(this.id, turn, this.options);
      if (this.#calls.element.parentElement !== this.callBox) fill(this.callBox, this.#calls.element);
      this.#calls.update(calls, ms === null);
    }
    fill(this.after,
      observation === null ? ms === null && code !== null && h("p", { class: "dim" }, "The output is shown when the cell ends.") : h("pre", { class: `output ${error === null ? "" : "error"}`, tabindex: "0", "aria-label": "Output" }, observation === "" ? "(no output)" : observation),
      stateLine !== null && h("p", { class: "state-line" }, stateLine),
      h("p", { class: "turn-foot" }, h("span", {}, `${root.model}: ${count(root.usage.inputTokens)} in, ${count(root.usage.outputTokens)} out, ${money(root.usage.costUsd)}, ${duration(root.ms)}`), cellMs !== null && h("span", {}, `Python ${duration(cellMs)}`),
        h("span", { class: "grow" }), onFork !== null && ms !== null && h("button", { class: "quiet", onclick: () => onFork(turn) }, `Fork after turn ${turn}…`)));
  }
}
