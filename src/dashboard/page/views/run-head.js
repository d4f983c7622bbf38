import { h } from "../lib/dom.js";
import { duration, money, plural, tokens } from "../lib/format.js";
import { banner, runLink, statusMark, time } from "./parts.js";

/** @typedef {import("../../wire.js").RunDetail} RunDetail */

/** @param {RunDetail} run */
export function runHead(run) {
  const { workflowId, status, reason, blockedMessage, signature, startedAtMs, closedAtMs, usage, turns, llmCalls, failedCalls, cancelRequested, retries, waitingFor, forkedFrom, parent } = run;
  const facts = [
    ["Started ", time(startedAtMs)], [closedAtMs === null ? "running for " : "took ", duration((closedAtMs ?? Date.now()) - startedAtMs)],
    [plural(turns, "turn")], [plural(llmCalls, "sub-call"), failedCalls > 0 ? `, ${failedCalls} failed` : ""], [plural(tokens(usage), "token")], usage.costUsd === null ? [] : [money(usage.costUsd)],
  ].filter((fact) => fact.length > 0);
  return [
    h("div", { class: "title" }, h("h1", { class: "mono" }, workflowId), statusMark(status), reason !== null && h("span", { class: "reason" }, reason), cancelRequested && run.open && h("span", { class: "pill" }, "cancel asked")),
    h("p", { class: "mono dim sig" }, signature ?? "The store does not hold what this run was asked."),
    h("p", { class: "facts" }, facts.map((fact) => h("span", {}, fact)),
      forkedFrom !== null && h("span", {}, "forked from ", runLink(forkedFrom.workflowId), ` after turn ${forkedFrom.turn}`), parent !== null && h("span", {}, "child of ", runLink(parent))),
    waitingFor !== null && run.open && h("p", { class: "dim" }, `The cell waits for ${plural(waitingFor.count, "call")}; ${waitingFor.settled} done.`),
    status === "blocked" && banner(`${blockedMessage ?? reason ?? "A person must act."} ${CURES[reason ?? ""] ?? "Mend the cause, then press Retry."}`),
    retries.map(({ activity, attempt, message }) => h("p", { class: "retry" }, `${activity} failed and is being tried again (attempt ${attempt}): ${message}`)),
  ].flat();
}

/** @type {Readonly<Record<string, string>>} */
const CURES = {
  credentials: "Give the worker a key that works, then press Retry.",
  quota: "Raise the quota at the provider, then press Retry.",
  store: "Make room in the store or bring it back, then press Retry.",
  build: "Start a worker of the build that this run began with, or fork from turn 0.",
  limit: "Raise the limit that was reached (Limits…), or cancel.",
  rebuilds: "See the worker's log for why sandboxes are lost, then press Retry.",
};

/** @param {RunDetail} run */
export function runResult({ outputs, open }) {
  if (outputs === null || open) return null;
  return h("section", { class: "card result", "aria-label": "Result" }, Object.entries(outputs).map(([name, value]) => [h("h2", { class: "mono" }, name), h("pre", { class: "output", tabindex: "0", "aria-label": name }, value)]).flat());
}
