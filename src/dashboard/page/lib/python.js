import { h, visible } from "./dom.js";

const KEYWORDS = new Set("False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match nonlocal not or pass raise return try while with yield".split(" "));
const OURS = new Set("llm_query llm_query_batched llm_query_async llm_query_batched_async rlm_query SUBMIT budget rlm_history".split(" "));

/** One token: string (with prefixes, triple or single), comment, number, name, or any other character. */
const TOKEN = /([rRbBuUfF]{0,2}(?:"""[^]*?(?:"""|$)|'''[^]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))|(#[^\n]*)|(\b\d[\w.]*)|([\p{L}_][\p{L}\p{N}_]*)|([^])/gu;

/** Longer code is shown plain: a span for each word of a megabyte would stall the page. */
const MAX_CHARS = 60_000;

/**
 * Python with its words in colour.
 * @param {string} code
 */
export function python(code) {
  const pre = h("pre", { class: "code", tabindex: "0", "aria-label": "Python code" });
  if (code.length > MAX_CHARS) {
    pre.append(visible(code));
    return pre;
  }
  let plain = "";
  const flush = () => {
    if (plain !== "") pre.append(visible(plain));
    plain = "";
  };
  for (const [all, string, comment, number, name] of code.matchAll(TOKEN)) {
    const kind = string ? "str" : comment ? "com" : number ? "num" : name && KEYWORDS.has(name) ? "key" : name && OURS.has(name) ? "rlm" : null;
    if (kind === null) {
      plain += all;
      continue;
    }
    flush();
    pre.append(h("span", { class: `py-${kind}` }, all));
  }
  flush();
  return pre;
}
