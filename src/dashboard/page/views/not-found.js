import { fill, h } from "../lib/dom.js";

/** @param {import("../main.js").Context} context */
export function notFoundView({ root }) {
  fill(root, h("section", { class: "empty" }, h("h1", {}, "Nothing is here"), h("p", {}, "This address leads nowhere. ", h("a", { href: "/" }, "All runs"))));
}
