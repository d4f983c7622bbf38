import { batchesView } from "./views/batches.js";
import { costsView } from "./views/costs.js";
import { failuresView } from "./views/failures.js";
import { newRunView } from "./views/new-run.js";
import { notFoundView } from "./views/not-found.js";
import { schedulesView } from "./views/schedules.js";
import { runView } from "./views/run.js";
import { runsView } from "./views/runs.js";

/**
 * @typedef {readonly string[]} Params
 * @typedef {object} Route
 * @property {string} path
 * @property {RegExp} at
 * @property {string} [nav] its name in the bar
 * @property {string} [key]
 * @property {(params: Params) => string} title
 * @property {(context: import("./main.js").Context, params: Params) => void} view
 */

/** @type {readonly Route[]} */
export const ROUTES = [
  { path: "/", at: /^\/$/, nav: "Runs", key: "g r", title: () => "Runs", view: runsView },
  { path: "/failures", at: /^\/failures$/, nav: "Failures", key: "g f", title: () => "Failures", view: failuresView },
  { path: "/schedules", at: /^\/schedules$/, nav: "Schedules", key: "g s", title: () => "Schedules", view: schedulesView },
  { path: "/batches", at: /^\/batches$/, nav: "Batches", key: "g b", title: () => "Batches", view: batchesView },
  { path: "/costs", at: /^\/costs$/, nav: "Costs", key: "g c", title: () => "Costs", view: costsView },
  { path: "/new", at: /^\/new$/, nav: "New run", key: "g n", title: () => "New run", view: newRunView },
  { path: "/runs", at: /^\/runs\/([^/]+)$/, title: ([id = ""]) => id, view: runView },
];

/** A link that was cut off may end in the middle of a character. @param {string} pathname */
function isEncoded(pathname) {
  try {
    decodeURIComponent(pathname);
    return true;
  } catch {
    return false;
  }
}

/** @param {string} pathname */
export function routeOf(pathname) {
  for (const { at, view, title } of ROUTES) {
    const match = at.exec(pathname);
    if (match !== null && isEncoded(pathname)) return { view, title, params: match.slice(1).map(decodeURIComponent) };
  }
  return { view: notFoundView, title: () => "Not here", params: [] };
}
