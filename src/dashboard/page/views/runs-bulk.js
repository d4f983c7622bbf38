import { post, seg } from "../lib/api.js";
import { askFor } from "../lib/dialog.js";
import { fill, h } from "../lib/dom.js";
import { plural } from "../lib/format.js";
import { toast } from "../lib/toast.js";

const VERBS = /** @type {const} */ (["pause", "resume", "retry", "cancel"]);
const DONE = { pause: "paused", resume: "resumed", retry: "told to try again", cancel: "asked to stop" };
/** Requests under way at once. */
const AT_ONCE = 4;

/** The runs that are selected, and what can be done with all of them. */
export class BulkBar {
  /** @type {Set<string>} */
  #picked = new Set();

  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    this.element = h("div", { class: "bulk", role: "region", "aria-label": "Selected runs", hidden: true });
  }

  /** @param {string} id */
  has(id) {
    return this.#picked.has(id);
  }

  /**
   * @param {string} id
   * @param {boolean} on
   */
  pick(id, on) {
    this.pickAll([id], on);
  }

  /**
   * @param {readonly string[]} ids
   * @param {boolean} on
   */
  pickAll(ids, on) {
    for (const id of ids) if (on) this.#picked.add(id); else this.#picked.delete(id);
    this.#draw();
    this.onChange();
  }

  #clear() {
    this.#picked.clear();
    this.#draw();
    this.onChange();
  }

  #draw() {
    const n = this.#picked.size;
    this.element.hidden = n === 0;
    fill(this.element, h("b", {}, `${plural(n, "run")} selected`),
      VERBS.map((verb) => h("button", { class: verb === "cancel" ? "danger" : "", onclick: () => this.#ask(verb) }, `${verb[0]?.toUpperCase()}${verb.slice(1)}`)),
      h("button", { class: "quiet", onclick: () => this.#clear() }, "Clear"));
  }

  /** @param {(typeof VERBS)[number]} verb */
  #ask(verb) {
    const ids = [...this.#picked];
    askFor({
      title: `${verb[0]?.toUpperCase()}${verb.slice(1)} ${plural(ids.length, "run")}?`,
      fields: verb === "cancel" ? [] : [{ name: "why", label: "Why", hint: "Kept in the runs' histories. May be empty." }],
      action: `${verb[0]?.toUpperCase()}${verb.slice(1)}`, danger: verb === "cancel",
      submit: async ({ why = "" }) => {
        await this.#do(verb, ids, why);
        return null;
      },
    });
  }

  /**
   * @param {(typeof VERBS)[number]} verb
   * @param {string[]} ids
   * @param {string} why
   */
  async #do(verb, ids, why) {
    /** @type {string[]} */
    const refused = [];
    let done = 0;
    const waiting = [...ids];
    const work = async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        try {
          await post(`/runs/${seg(id)}/actions`, { action: verb, ...(why !== "" && { why }) });
          this.#picked.delete(id);
          done++;
        } catch (error) {
          refused.push(error instanceof Error ? error.message : String(error));
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (done > 0) toast(`${plural(done, "run")} ${DONE[verb]}.`);
    if (refused.length > 0) toast(`${plural(refused.length, "run")} refused. ${refused[0] ?? ""}`, "bad");
    this.#draw();
    this.onChange();
  }
}
