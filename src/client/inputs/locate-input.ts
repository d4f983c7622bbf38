import type { SignatureField } from "../../core/signature.js";
import { checkInputType } from "../../signature/check-input-type.js";
import { locateSource } from "../../sources/locate-source.js";
import type { Located } from "../../sources/source.js";
import { SourceError } from "../../sources/source-error.js";
import { InputError } from "../errors.js";
import type { InputSource } from "./input-source.js";

/** @throws InputError */
export async function locateInput(name: string, address: string): Promise<Located> {
  try {
    return await locateSource(address);
  } catch (error) {
    throw asInputError(name, error);
  }
}

/** An error of a source, told of the input. */
export function asInputError(name: string, error: unknown): unknown {
  return error instanceof SourceError ? new InputError(name, `Input \`${name}\`: ${error.message}`, { cause: error }) : error;
}

/**
 * Many files are a dict of texts: the field must take one.
 * @throws InputError
 */
export function requireFilesField(field: SignatureField, source: Extract<InputSource, { from: "file" }>, located: Located): void {
  if (located.kind !== "files") return;
  const takes = source.as === "text" && checkInputType(field, "{\"name\":\"text\"}").ok;
  if (!takes) throw new InputError(field.name, `Input \`${field.name}\`: ${source.path} is ${located.files.length} files, which become a dict of texts by their names. Declare \`${field.name}: dict[str, str]\` in the signature, or name one file.`);
}
