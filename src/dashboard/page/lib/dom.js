/**
 * @typedef {string | number | Node | null | false | undefined} Child
 * @typedef {Record<string, string | number | boolean | null | undefined | Function>} Props `on…`: listener; `class`, `for` and all others: attribute; `true`: without value; `false`, `null`: none
 */

/**
 * Makes an element. Texts are text nodes: nothing that a model or a log wrote is ever read as HTML.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Props} [props]
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  setProps(element, props);
  append(element, children.flat());
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 */
export function setProps(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith("on") && typeof value === "function") element.addEventListener(name.slice(2), /** @type {EventListener} */ (value));
    else if (value === true) element.setAttribute(name, "");
    else if (value === false || value === null || value === undefined) element.removeAttribute(name);
    else element.setAttribute(name, String(value));
  }
}

/**
 * @param {Element} element
 * @param {readonly Child[]} children
 */
function append(element, children) {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child instanceof Node ? child : visible(String(child)));
  }
}

/** Overrides and embeddings of the direction of writing: with them a text could reorder what stands beside it, or code look like other code. */
const DIRECTION_MARKS = /[\u202A-\u202E\u2066-\u2069]/g;

/**
 * The same text, with marks that change the direction of writing shown instead of obeyed.
 * @param {string} text
 */
export function visible(text) {
  return text.replaceAll(DIRECTION_MARKS, (mark) => `⟨U+${mark.charCodeAt(0).toString(16).toUpperCase()}⟩`);
}

/**
 * Replaces what is inside.
 * @param {Element} element
 * @param {...(Child | readonly Child[])} children
 */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children.flat());
}

/**
 * Brings the children of `parent` in line with `items`: those whose item is the same stay as they are, with focus and all that is open in them.
 * @template I
 * @param {Element} parent
 * @param {readonly I[]} items
 * @param {{ key: (item: I) => string, make: (item: I) => HTMLElement }} how
 */
export function keyed(parent, items, { key, make }) {
  const before = new Map([...parent.children].map((child) => [/** @type {HTMLElement} */ (child).dataset["key"], /** @type {HTMLElement} */ (child)]));
  const focused = /** @type {HTMLElement | null} */ (document.activeElement?.closest("[data-key]"))?.dataset["key"];
  const selector = focusSelector(document.activeElement);
  const wanted = items.map((item) => {
    const [name, state] = [key(item), JSON.stringify(item)];
    const old = before.get(name);
    if (old !== undefined && old.dataset["state"] === state) return old;
    const made = make(item);
    made.dataset["key"] = name;
    made.dataset["state"] = state;
    return made;
  });
  for (const [at, element] of wanted.entries()) if (parent.children[at] !== element) parent.insertBefore(element, parent.children[at] ?? null);
  while (parent.children.length > wanted.length) parent.lastElementChild?.remove();
  if (focused === undefined || document.activeElement !== document.body) return;
  const again = wanted.find((element) => element.dataset["key"] === focused);
  const target = again?.querySelector(selector);
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** @param {Element | null} element */
function focusSelector(element) {
  return element instanceof HTMLInputElement ? "input" : "a, button";
}
