import { h } from "../lib/dom.js";
import { duration } from "../lib/format.js";

const NAMES = { begin: "loading inputs", think: "thinking", execute: "executing", "fan-out": "sub-calls", wait: "paused", blocked: "blocked" };
const ORDER = /** @type {const} */ (["begin", "think", "execute", "fan-out", "wait", "blocked"]);

/**
 * What the run did when, as one strip; a click shows the turn.
 * @param {import("../../wire.js").RunDetail} run
 * @param {(turn: number) => void} onTurn
 */
export function timelineStrip({ timeline, startedAtMs, closedAtMs }, onTurn) {
  if (timeline.length === 0) return h("p", { class: "dim" }, closedAtMs === null ? "" : "The server has forgotten when this run did what; its turns are below.");
  const endMs = closedAtMs ?? Date.now();
  const wholeMs = Math.max(1, endMs - startedAtMs);
  const strip = h("div", { class: "strip", role: "img", "aria-label": summary(timeline, endMs) });
  for (const { doing, turn, fromMs, toMs } of timeline) {
    const segment = h("span", { class: `seg d-${doing}`, title: `${turn > 0 ? `Turn ${turn}: ` : ""}${NAMES[doing]}, ${duration((toMs ?? endMs) - fromMs)}`, onclick: () => onTurn(turn) });
    segment.style.left = `${((fromMs - startedAtMs) / wholeMs) * 100}%`;
    segment.style.width = `max(1px, ${(((toMs ?? endMs) - fromMs) / wholeMs) * 100}%)`;
    strip.append(segment);
  }
  const spent = sums(timeline, endMs);
  return h("div", { class: "timeline" }, strip, h("ul", { class: "legend" }, ORDER.filter((doing) => (spent.get(doing) ?? 0) > 0).map((doing) =>
    h("li", {}, h("i", { class: `d-${doing}`, "aria-hidden": "true" }), `${NAMES[doing]} ${duration(spent.get(doing))}`))));
}

/**
 * @param {readonly import("../../../core/timeline.js").Segment[]} timeline
 * @param {number} endMs
 */
function sums(timeline, endMs) {
  /** @type {Map<import("../../../core/timeline.js").Doing, number>} */
  const spent = new Map();
  for (const { doing, fromMs, toMs } of timeline) spent.set(doing, (spent.get(doing) ?? 0) + (toMs ?? endMs) - fromMs);
  return spent;
}

/**
 * @param {readonly import("../../../core/timeline.js").Segment[]} timeline
 * @param {number} endMs
 */
function summary(timeline, endMs) {
  const spent = sums(timeline, endMs);
  return `Timeline: ${ORDER.filter((doing) => spent.has(doing)).map((doing) => `${NAMES[doing]} ${duration(spent.get(doing))}`).join(", ")}`;
}
