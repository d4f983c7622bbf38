import { nearestName } from "../core/nearest-name.js";
import type { Signature } from "../core/signature.js";

export interface InputCheck {
  /** Declared, not optional, not given. */
  readonly missing: readonly string[];
  /** Given, not declared. */
  readonly undeclared: readonly string[];
  /** One line for each of them, with its cure; empty when all is well. */
  readonly faults: readonly string[];
}

/** Compares the names of the inputs given with those the signature declares; all faults at once. */
export function checkInputs(signature: Signature, givenNames: Iterable<string>): InputCheck {
  const given = new Set(givenNames);
  const declared = signature.inputs.map((field) => field.name);
  const missing = signature.inputs.filter((field) => field.optional !== true && !given.has(field.name)).map((field) => field.name);
  const undeclared = [...given].filter((name) => !declared.includes(name));
  const faults = [
    ...undeclared.map((name) => `Input \`${name}\` is not declared by the signature. ${undeclaredCure(signature, name, declared.filter((other) => !given.has(other)))}`),
    ...missing.map((name) => `Input \`${name}\` is missing. Give it a value, or declare it as \`${name}?\` if it may be left out.`),
  ];
  return { missing, undeclared, faults };
}

function undeclaredCure(signature: Signature, name: string, open: readonly string[]): string {
  if (signature.outputs.some((field) => field.name === name)) return "It is an output; leave it out.";
  const near = nearestName(name, open);
  if (near !== null) return `Did you mean \`${near}\`?`;
  const declared = signature.inputs.map((field) => field.name).join(", ");
  return `Leave it out, or add it before \`->\`; declared are: ${declared || "none"}.`;
}
