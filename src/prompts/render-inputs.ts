import type { VariableDescription } from "../core/cell.js";
import type { SignatureField } from "../core/signature.js";
import { formatType } from "../signature/format-type.js";
import { groupDigits, typeAndSize } from "./size-text.js";

/** The sandbox keeps previews to about 500 characters; held here too, because nothing more of an input may enter a prompt. */
const MAX_PREVIEW_CHARS = 1000;

/** What the model is told about each input: name, type in the sandbox, size, description, preview. */
export function renderInputs(fields: readonly SignatureField[], variables: readonly VariableDescription[]): string {
  const known = new Map(fields.map((field) => [field.name, field]));
  const given = new Set(variables.map((variable) => variable.name));
  const absent = fields.filter((field) => !given.has(field.name)).map((field) => `\`${field.name}\`: not given.`);
  const lazy = variables.some(({ type }) => type === LAZY_TEXT) ? [LAZY_TEXT_RULES] : [];
  return [...variables.map((variable) => renderVariable(variable, known.get(variable.name))), ...lazy, ...absent].join("\n\n");
}

/** Python type of a text that stays outside of memory (src/repl/prelude/lazy_text.py). */
const LAZY_TEXT = "LazyText";
const LAZY_TEXT_RULES = [
  "A `LazyText` is a read-only text too large for memory. It is used like a str, but it is none (`isinstance(x, str)` is False), and functions that need a str, such as `re.search` and `llm_query`, take parts of it:",
  "- As in str: `len`, `x[a:b]` (a str of at most 4 MiB), `in`, `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith`, `==`.",
  "- `for line in x` goes through the lines (a str would give characters). `x.splitlines()`, `x.split(sep)` and `x.split()` are sequences that read on as they are used: iterate, index, slice, `len`.",
  "- Regular expressions: `x.finditer(pattern, flags)`, `x.findall(…)`, `x.search(…)`, for matches of at most 65,536 characters; positions count in the whole text.",
  "- Not: `lower`, `replace`, `strip`, `+` and others that make a whole new text, `str(x)`, f-strings. Each pass over the whole text takes seconds: collect what you need in one pass and keep it in variables.",
].join("\n");

function renderVariable({ name, type, length, preview }: VariableDescription, field: SignatureField | undefined): string {
  const description = field?.description === undefined ? "" : ` ${field.description.trim()}`;
  return `\`${name}\`: ${typeAndSize(type, length)}${declaredType(type, field)}.${description}\n${indent(clip(preview))}`;
}

/** Named where it says more than the value's own type; `str` is also what an untyped field is. A LazyText is a str as far as a field goes. */
function declaredType(type: string, field: SignatureField | undefined): string {
  if (field === undefined || field.type.kind === "str" || field.type.kind === "any") return "";
  const declared = formatType(field.type);
  return declared === type ? "" : `, declared as ${declared}`;
}

function clip(preview: string): string {
  const points = Array.from(preview);
  if (points.length <= MAX_PREVIEW_CHARS) return preview;
  const half = MAX_PREVIEW_CHARS / 2;
  return `${points.slice(0, half).join("")}\n… ${groupDigits(points.length - 2 * half)} characters left out …\n${points.slice(-half).join("")}`;
}

function indent(text: string): string {
  return text.split(/\r\n|\r|\n/).map((line) => `    ${line}`).join("\n");
}
