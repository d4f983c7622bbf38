import { h } from "./dom.js";

const SHOWN_MS = 6000;

/**
 * Tells something that has happened.
 * @param {string} message
 * @param {"ok" | "bad"} [kind]
 */
export function toast(message, kind = "ok") {
  const box = h("div", { class: `toast ${kind}` }, message, h("button", { class: "quiet", "aria-label": "Dismiss", onclick: () => box.remove() }, "×"));
  document.getElementById("toasts")?.append(box);
  setTimeout(() => box.remove(), kind === "bad" ? SHOWN_MS * 2 : SHOWN_MS);
}

/** @param {unknown} error */
export function toastError(error) {
  toast(error instanceof Error ? error.message : String(error), "bad");
}
