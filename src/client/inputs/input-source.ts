import type { BlobRef } from "../../core/blob-ref.js";
import { InputError } from "../errors.js";

/** Where the value of an input comes from. */
export type InputSource =
  /** `NAME=VALUE`. */
  | { readonly from: "value"; readonly text: string }
  /** `NAME:=JSON`. */
  | { readonly from: "json"; readonly text: string }
  /** `NAME=@FILE`, `NAME=@b:FILE` (bytes, as they are), `NAME:=@FILE` (JSON). */
  | { readonly from: "file"; readonly path: string; readonly as: "text" | "bytes" | "json" }
  /** `NAME=@-`, `NAME:=@-`. */
  | { readonly from: "stdin"; readonly as: "text" | "bytes" | "json" }
  /** Data of a program; read once. */
  | { readonly from: "stream"; readonly chunks: AsyncIterable<Uint8Array>; readonly as: "text" | "bytes" | "json" }
  /** Bytes that are in the store already. */
  | { readonly from: "stored"; readonly ref: BlobRef; readonly as: "text" | "bytes" | "json" };

export interface GivenInput {
  readonly name: string;
  readonly source: InputSource;
}

/**
 * Reads one `-i` argument.
 * @throws InputError it has no `=`
 */
export function parseInputArgument(argument: string): GivenInput {
  const match = /^([^=:]*)(:?=)([^]*)$/.exec(argument);
  const [, name = "", operator, text = ""] = match ?? [];
  if (match === null || name === "") {
    const shown = argument.length > 60 ? `${argument.slice(0, 60)}…` : argument;
    throw new InputError("", `"${shown}" is not an input. Write NAME=TEXT, NAME=@FILE, NAME=@- or NAME:=JSON.`);
  }
  if (operator === ":=") return { name, source: text.startsWith("@") ? atSource(name, text.slice(1), "json") : { from: "json", text } };
  if (text.startsWith("@b:")) return { name, source: atSource(name, text.slice(3), "bytes") };
  return { name, source: text.startsWith("@") ? atSource(name, text.slice(1), "text") : { from: "value", text } };
}

function atSource(name: string, path: string, as: "text" | "bytes" | "json"): InputSource {
  if (path === "") throw new InputError(name, `Input \`${name}\` names no file after "@". Write ${name}=@FILE, or ${name}=@- for stdin.`);
  return path === "-" ? { from: "stdin", as } : { from: "file", path, as };
}
