import { get, post, Refused } from "./lib/api.js";
import { fill, h } from "./lib/dom.js";
import { listenToKeys, setPageKeys, showKeys } from "./lib/keys.js";
import { initTheme, nextTheme } from "./lib/theme.js";
import { routeOf, ROUTES } from "./routes.js";

/** @typedef {import("../wire.js").SessionInfo} SessionInfo */

/**
 * What a view is given.
 * @typedef {object} Context
 * @property {SessionInfo} me
 * @property {boolean} mayAct
 * @property {HTMLElement} root
 * @property {(link: "live" | "lost" | "done" | "none") => void} setLink
 * @property {(path: string) => void} go
 * @property {(params: URLSearchParams) => void} setQuery keeps what is looked at in the address, without a step in the browser's history
 * @property {AbortSignal} leaving
 */

const main = /** @type {HTMLElement} */ (document.getElementById("main"));
const bar = /** @type {HTMLElement} */ (document.getElementById("bar"));
const link = h("span", { class: "link", role: "status" });
const LINKS = { live: "live", lost: "connection lost, trying again", done: "", none: "" };

/** @type {AbortController} */
let leaving = new AbortController();
/** @type {SessionInfo} */
let me;

/** @param {keyof typeof LINKS} state */
function setLink(state) {
  link.textContent = LINKS[state];
  link.dataset["state"] = state;
}

/** @param {string} path */
function go(path) {
  history.pushState(null, "", path);
  show();
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

function show() {
  leaving.abort();
  leaving = new AbortController();
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
  setPageKeys([]);
  setLink("none");
  const { view, title, params } = routeOf(location.pathname);
  document.title = `${title(params)} · rlm`;
  for (const each of bar.querySelectorAll("nav a")) {
    if (each.getAttribute("href") === (location.pathname.startsWith("/runs/") ? "/" : location.pathname)) each.setAttribute("aria-current", "page");
    else each.removeAttribute("aria-current");
  }
  // On a narrow screen the bar scrolls.
  bar.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
  fill(main);
  const setQuery = (/** @type {URLSearchParams} */ query) => history.replaceState(history.state, "", `${location.pathname}${query.size > 0 ? `?${query}` : ""}`);
  view({ me, mayAct: me.role === "operator", root: main, setLink, go, setQuery, leaving: leaving.signal }, params);
}

function drawBar() {
  const theme = h("button", { class: "quiet", title: "Theme: as the system, light, dark", onclick: () => { theme.textContent = nextTheme(); } }, initTheme());
  const places = ROUTES.filter(({ nav }) => nav !== undefined);
  fill(bar,
    h("a", { class: "brand", href: "/" }, "rlm"),
    h("nav", { "aria-label": "Places" }, places.map(({ path, nav }) => h("a", { href: path }, nav ?? ""))),
    h("span", { class: "grow" }), link,
    me.role === "viewer" && h("span", { class: "pill", title: "This link may look and not act" }, "view only"),
    theme, h("button", { class: "quiet", "aria-label": "Keys", title: "Keys (?)", onclick: showKeys }, "?"));
}

/** Links of this page change the view, not the page. */
document.addEventListener("click", (event) => {
  const anchor = event.target instanceof Element ? event.target.closest("a") : null;
  if (anchor === null || anchor.origin !== location.origin || anchor.hash !== "" || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(anchor.pathname + anchor.search);
});
window.addEventListener("popstate", show);

async function start() {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  // Out of the address at once: it must not be bookmarked, shared or seen over a shoulder.
  if (token !== undefined) history.replaceState(null, "", location.pathname + location.search);
  try {
    if (token !== undefined) await post("/session", { token });
    me = await get("/me");
  } catch (error) {
    const message = error instanceof Refused ? error.message : String(error);
    fill(main, h("section", { class: "empty" }, h("h1", {}, "No way in"), h("p", {}, message)));
    if (error instanceof Refused && error.status === 0) setTimeout(start, 2000);
    return;
  }
  drawBar();
  listenToKeys(ROUTES.flatMap(({ path, key, nav }) => (key === undefined ? [] : [{ keys: key, does: `go to ${nav}`, run: () => go(path) }])));
  show();
}

initTheme();
void start();
