import type { Signature, SignatureField } from "../core/signature.js";
import { formatType } from "./format-type.js";

/** The string form of a signature, every type written out; `parseSignature` reads it back (descriptions and instructions are not part of it). */
export function formatSignature(signature: Signature): string {
  return `${signature.inputs.map(formatField).join(", ")} -> ${signature.outputs.map(formatField).join(", ")}`.trimStart();
}

function formatField(field: SignatureField): string {
  return `${field.name}${field.optional === true ? "?" : ""}: ${formatType(field.type)}`;
}
