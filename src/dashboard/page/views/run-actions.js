import { post, seg } from "../lib/api.js";
import { askFor } from "../lib/dialog.js";
import { h } from "../lib/dom.js";
import { toast, toastError } from "../lib/toast.js";
import { runPath } from "./parts.js";

/**
 * @typedef {import("../../wire.js").RunDetail} RunDetail
 * @typedef {(path: string) => void} Go
 */

const WHY = { name: "why", label: "Why", hint: "Kept in the run's history, with who asked. May be empty." };

/**
 * @param {string} id
 * @param {object} body
 * @returns {Promise<{ message: string, workflowId: string }>}
 */
function act(id, body) {
  return post(`/runs/${seg(id)}/actions`, withoutEmpty(body));
}

/** @param {object} values */
function withoutEmpty(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== "" && value !== undefined));
}

/** Does it at once. @param {"resume" | "retry"} action */
const atOnce = (action) => (/** @type {string} */ id) => void act(id, { action }).then(({ message }) => toast(message), toastError);

const LIMITS = /** @type {const} */ ([
  ["maxIterations", "Turns"], ["maxLlmCalls", "Sub-calls"], ["maxTokens", "Tokens (or none)"], ["budgetUsd", "Money in USD (or none)"], ["timeout", "Time, as in 10m (or none)"], ["maxConcurrency", "Calls at once"],
]);

/** What can be asked of a run, by name. */
export const RUN_KEYS = {
  pause: { ask: (/** @type {string} */ id) => askFor({
    title: "Pause the run", text: "It finishes and keeps the calls under way and starts nothing new.", fields: [WHY], action: "Pause",
    submit: async ({ why }) => (await act(id, { action: "pause", why })).message,
  }) },
  resume: { ask: atOnce("resume") },
  retry: { ask: atOnce("retry") },
  steer: { ask: (/** @type {string} */ id) => askFor({
    title: "Send the model a message", text: "The root model sees it in its next turn, and in every later prompt.", fields: [{ name: "text", label: "Message", kind: "area", required: true }, WHY], action: "Send",
    submit: async ({ text, why }) => (await act(id, { action: "steer", text, why })).message,
  }) },
  budget: { ask: (/** @type {string} */ id, /** @type {RunDetail | null} */ run) => askFor({
    title: "Change limits", text: "Those left empty stay as they are.",
    fields: [...LIMITS.map(([name, label]) => ({ name, label, hint: nowLimit(run, name) })), { name: "onLimit", label: "At a reached limit", kind: /** @type {const} */ ("select"), options: ["", "extract", "wait"] }, WHY],
    action: "Change", submit: async ({ why, ...limits }) => (await act(id, { action: "budget", limits: withoutEmpty(limits), why })).message,
  }) },
  cancel: { ask: (/** @type {string} */ id) => askFor({
    title: "Cancel the run?", text: "It stops for good. What it did stays readable, and can be forked from.", fields: [], action: "Cancel the run", danger: true,
    submit: async () => (await act(id, { action: "cancel" })).message,
  }) },
  fork: { ask: (/** @type {string} */ id, /** @type {RunDetail | null} */ run, /** @type {Go} */ go, turn = 0) => askFor({
    title: "Fork the run", text: "A new run goes on from the state after a turn; this one stays as it is. What was spent up to there counts in the fork.",
    fields: [
      { name: "turn", label: "After turn", value: String(turn), hint: "0: from the inputs only", required: true },
      { name: "model", label: "Root model", hint: run?.models === undefined || run.models === null ? "Empty: the same" : `Empty: ${run.models.root}` }, { name: "subModel", label: "Model of sub-calls", hint: "Empty: the same" },
      { name: "maxIterations", label: "Turns", hint: nowLimit(run, "maxIterations") }, { name: "maxLlmCalls", label: "Sub-calls", hint: nowLimit(run, "maxLlmCalls") },
      { name: "instructions", label: "Instructions", kind: "area", hint: "Empty: the same" }, { name: "id", label: "Id of the new run", hint: "Empty: a new one" },
    ],
    action: "Fork",
    submit: async ({ turn: after, maxIterations, maxLlmCalls, ...others }) => {
      const done = await act(id, { action: "fork", turn: Number(after), limits: withoutEmpty({ maxIterations, maxLlmCalls }), ...others });
      go(runPath(done.workflowId));
      return done.message;
    },
  }) },
};

/**
 * @param {RunDetail | null} run
 * @param {string} name
 */
function nowLimit(run, name) {
  /** @type {Record<string, unknown>} */
  const limits = { ...run?.limits, timeout: run?.limits?.timeoutMs };
  if (run === null || run.limits === null) return "";
  const value = limits[name];
  if (typeof value !== "number") return "Now none";
  return `Now ${name === "timeout" ? `${value / 1000}s` : value}`;
}

/**
 * @param {RunDetail} run
 * @param {Go} go
 */
export function actionButtons(run, go) {
  const { workflowId: id, open, status, turns } = run;
  const button = (/** @type {string} */ name, /** @type {keyof typeof RUN_KEYS} */ action, kind = "") => h("button", { class: kind, onclick: () => RUN_KEYS[action].ask(id, run, go, Math.max(0, open ? turns - 1 : turns)) }, name);
  return [
    status === "blocked" && button("Retry", "retry", "primary"),
    status === "paused" ? button("Resume", "resume", "primary") : open && button("Pause…", "pause"),
    open && button("Message…", "steer"),
    open && button("Limits…", "budget"),
    button("Fork…", "fork"),
    open && button("Cancel…", "cancel", "danger"),
  ].filter((each) => each !== false);
}
