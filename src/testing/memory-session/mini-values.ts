export type MiniValue = string | number | null | MiniValue[];

/** A Python exception. */
export class PythonError extends Error {
  constructor(readonly type: string, message: string) {
    super(message);
  }
}

/** Ends the cell after `SUBMIT`. */
export class Submitted extends Error {}

/** What `print` writes. */
export function pythonText(value: MiniValue): string {
  return typeof value === "string" ? value : pythonRepr(value);
}

export function pythonRepr(value: MiniValue): string {
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(", ")}]`;
  return typeof value === "string" ? `'${value}'` : value === null ? "None" : String(value);
}
