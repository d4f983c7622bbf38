import { ToolResultError } from "./errors.js";

const MAX_DEPTH = 200;
const CURES: Readonly<Record<string, string>> = {
  Map: "return Object.fromEntries(map)", Set: "return [...set]", Promise: "await it", Buffer: "return text, or base64", Uint8Array: "return text, or base64",
};

/**
 * The result of a tool as JSON text, every integer exact. `undefined` becomes `null`, a Date its ISO text.
 *
 * @throws ToolResultError what JSON cannot hold, by its place; or more than `maxBytes`
 */
export function toolResultJson(name: string, value: unknown, maxBytes: number): string {
  const writer = new ResultWriter(name, maxBytes);
  writer.write(value, "result", 0);
  return writer.text();
}

class ResultWriter {
  readonly #pieces: string[] = [];
  readonly #path = new Set<object>();
  #bytes = 0;

  constructor(private readonly name: string, private readonly maxBytes: number) {}

  text(): string {
    return this.#pieces.join("");
  }

  write(value: unknown, where: string, depth: number): void {
    if (value === null || value === undefined) return this.#put("null");
    switch (typeof value) {
      case "string":
        // Before it is copied: it may be a gigabyte.
        if (value.length > this.maxBytes) throw this.#tooLarge();
        return this.#put(wellFormedJson(value));
      case "boolean":
      case "bigint":
        return this.#put(String(value));
      case "number":
        if (!Number.isFinite(value)) throw this.#refused(where, String(value), "return null or a finite number");
        return this.#put(JSON.stringify(value));
      case "object":
        return this.#object(value, where, depth);
      default:
        throw this.#refused(where, `a ${typeof value}`, "return strings, numbers, booleans, null, arrays and plain objects");
    }
  }

  #object(value: object, where: string, depth: number): void {
    if (this.#path.has(value)) throw this.#refused(where, "a value that contains itself", "return a tree");
    if (depth > MAX_DEPTH) throw this.#refused(where, `nested more than ${MAX_DEPTH} levels deep`, "return something flatter");
    this.#path.add(value);
    if (Array.isArray(value)) this.#items(value, where, depth);
    else if (value instanceof Date && Number.isFinite(value.getTime())) this.#put(JSON.stringify(value.toISOString()));
    else if (isPlain(value)) this.#fields(value, where, depth);
    else if ("toJSON" in value && typeof value.toJSON === "function" && !ArrayBuffer.isView(value)) this.write(value.toJSON(), where, depth + 1);
    else throw this.#refused(where, `a ${value.constructor.name}`, CURES[value.constructor.name] ?? "return a plain object");
    this.#path.delete(value);
  }

  #items(items: readonly unknown[], where: string, depth: number): void {
    this.#put("[");
    for (const [index, item] of items.entries()) {
      if (index > 0) this.#put(",");
      this.write(item, `${where}[${index}]`, depth + 1);
    }
    this.#put("]");
  }

  #fields(value: object, where: string, depth: number): void {
    this.#put("{");
    let separator = "";
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      this.#put(`${separator}${wellFormedJson(key)}:`);
      separator = ",";
      this.write(item, `${where}.${key.slice(0, 60)}`, depth + 1);
    }
    this.#put("}");
  }

  #put(piece: string): void {
    this.#bytes += piece.length < this.maxBytes ? Buffer.byteLength(piece) : piece.length;
    if (this.#bytes > this.maxBytes) throw this.#tooLarge();
    this.#pieces.push(piece);
  }

  #tooLarge(): ToolResultError {
    const limit = this.maxBytes >= 2 ** 20 ? `${Math.floor(this.maxBytes / 2 ** 20)} MiB` : `${this.maxBytes} bytes`;
    return new ToolResultError("too_large", `${this.name} returned more than ${limit}, the longest result it may return. Ask it for less: a part, a page, or a narrower question.`);
  }

  #refused(where: string, what: string, cure: string): ToolResultError {
    return new ToolResultError("result", `${this.name} returned something that is no JSON: ${where} is ${what}. It can be mended in the tool only: ${cure}.`);
  }
}

/** A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD, as it would in any text file. */
function wellFormedJson(text: string): string {
  return JSON.stringify(/\p{Surrogate}/u.test(text) ? Buffer.from(text, "utf8").toString("utf8") : text);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
