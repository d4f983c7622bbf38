import { h } from "./dom.js";

/**
 * @typedef {{ keys: string, does: string, run: (event: KeyboardEvent) => void }} Key `keys`: one, or two after another, as in `g r`
 */

/** @type {readonly Key[]} */
let pageKeys = [];
/** @type {readonly Key[]} */
let globalKeys = [];
let first = "";

/** @param {readonly Key[]} keys of the page that is shown now */
export function setPageKeys(keys) {
  pageKeys = keys;
}

/** @param {readonly Key[]} keys that are the same everywhere */
export function listenToKeys(keys) {
  globalKeys = [...keys, { keys: "?", does: "this help", run: showKeys }];
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]") !== null) return;
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape" && at instanceof HTMLElement) at.blur();
    if (at instanceof HTMLTextAreaElement || at instanceof HTMLSelectElement || (at instanceof HTMLInputElement && at.type !== "checkbox")) return;
    const pressed = first === "" ? event.key : `${first} ${event.key}`;
    const all = [...pageKeys, ...globalKeys];
    const hit = all.find((key) => key.keys === pressed) ?? all.find((key) => key.keys === event.key);
    first = hit === undefined && all.some((key) => key.keys.startsWith(`${event.key} `)) ? event.key : "";
    // Enter and space on a button or link do what the browser does.
    if (hit === undefined || (event.key === "Enter" && at.closest("a, button, summary") !== null)) return;
    event.preventDefault();
    hit.run(event);
  });
}

export function showKeys() {
  if (document.querySelector("dialog[open]") !== null) return;
  const rows = (/** @type {readonly Key[]} */ keys) => keys.flatMap(({ keys: name, does }) => [h("dt", {}, name.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, does)]);
  const dialog = h("dialog", { class: "keys", "aria-labelledby": "keys-title", onclose: () => dialog.remove() },
    h("h2", { id: "keys-title" }, "Keys"), pageKeys.length > 0 && h("h3", {}, "On this page"), pageKeys.length > 0 && h("dl", {}, rows(pageKeys)), h("h3", {}, "Everywhere"), h("dl", {}, rows(globalKeys)),
    h("div", { class: "buttons" }, h("button", { onclick: () => dialog.close() }, "Close")));
  document.body.append(dialog);
  dialog.showModal();
}
