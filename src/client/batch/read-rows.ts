import { createHash } from "node:crypto";
import { isLosslessNumber, parse, stringify } from "lossless-json";
import type { BatchRow, InlineInput } from "../../core/batch-wire.js";
import type { RunInputDescriptor } from "../../core/run-spec.js";
import type { Signature, SignatureField } from "../../core/signature.js";
import { lines } from "../../batch/lines.js";
import { nearestName } from "../../core/nearest-name.js";
import type { Redaction } from "../../sources/redaction.js";
import type { BlobStore } from "../../store/blob-store.js";
import { prepareInputs } from "../inputs/prepare-inputs.js";
import { redactJson } from "../inputs/redact-json.js";
import { parseInputArgument } from "../inputs/input-source.js";
import { readJsonText, takesAnyText } from "../inputs/typed-text.js";
import { BatchError } from "./batch-error.js";

export interface ReadRows {
  readonly store: BlobStore;
  readonly signature: Signature;
  /** Names of inputs that all rows share. */
  readonly shared: ReadonlySet<string>;
  readonly redaction: Redaction;
  readonly chunks: AsyncIterable<Uint8Array>;
  /** For people: the file. */
  readonly from: string;
}

/** So many faults are told at once. */
const MAX_TOLD = 20;

/**
 * Reads rows, one JSON object a line: a member for each input that is not shared, and `id`, where the row has one. `{"@": "FILE"}` as a value is read
 * from there, as `-i NAME=@FILE` is. Every row is checked before anything is started.
 * @throws BatchError `invalid_rows`, with the numbers of the lines
 */
export async function readRows({ store, signature, shared, redaction, chunks, from }: ReadRows): Promise<readonly BatchRow[]> {
  const rows: BatchRow[] = [];
  const faults: string[] = [];
  const lineOf = new Map<string, number>();
  const fields = new Map(signature.inputs.filter(({ name }) => !shared.has(name)).map((field) => [field.name, field]));
  let line = 0;
  for await (const { text } of lines(chunks)) {
    line += 1;
    if (text.trim() === "") continue;
    try {
      const row = await readRow({ store, redaction }, fields, text.trim(), line);
      const before = lineOf.get(row.key);
      if (before !== undefined) throw new Error(`repeats line ${before} (id "${row.key.slice(0, 60)}"). Leave one out, or give them different ids`);
      lineOf.set(row.key, line);
      rows.push(row);
    } catch (error) {
      faults.push(`line ${line}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (rows.length === 0 && faults.length === 0) throw new BatchError("invalid_rows", `${from} holds no rows. Write one JSON object a line.`);
  if (faults.length === 0) return rows;
  const more = faults.length > MAX_TOLD ? `\n… and ${faults.length - MAX_TOLD} more` : "";
  throw new BatchError("invalid_rows", `${from}: ${faults.length} of ${rows.length + faults.length} rows cannot be used; nothing was started.\n${faults.slice(0, MAX_TOLD).join("\n")}${more}`);
}

async function readRow(into: Pick<ReadRows, "store" | "redaction">, fields: ReadonlyMap<string, SignatureField>, text: string, line: number): Promise<BatchRow> {
  const value = parse(text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("is not a JSON object");
  const members = value as Record<string, unknown>;
  const hash = createHash("sha256").update(text).digest("hex");
  const { id } = members;
  for (const name of Object.keys(members)) {
    if (fields.has(name) || name === "id") continue;
    const near = nearestName(name, [...fields.keys(), "id"]);
    throw new Error(`"${name}" is no input of a row${near === null ? ` (inputs: ${[...fields.keys()].join(", ")})` : `. Did you mean "${near}"?`}`);
  }
  const missing = [...fields.values()].filter((field) => members[field.name] === undefined);
  if (missing.length > 0) throw new Error(`has no ${missing.map(({ name }) => `"${name}"`).join(", ")}`);
  const inputs = await Promise.all([...fields.values()].map((field) => readValue(into, field, members[field.name])));
  return { key: id === undefined ? hash.slice(0, 16) : readKey(id), line, hash, inputs };
}

function readKey(id: unknown): string {
  const key = typeof id === "string" ? id : isLosslessNumber(id) ? id.toString() : "";
  if (key.trim() === "" || key.length > 200) throw new Error("has an \"id\" that is no text or number of 1 to 200 characters");
  return key;
}

async function readValue({ store, redaction }: Pick<ReadRows, "store" | "redaction">, field: SignatureField, value: unknown): Promise<RunInputDescriptor | InlineInput> {
  const { name } = field;
  const location = typeof value === "object" && value !== null && Object.keys(value).length === 1 ? (value as Record<string, unknown>)["@"] : undefined;
  if (typeof location === "string") {
    const { inputs: [stored] } = await prepareInputs({ store, redaction, signature: { inputs: [field], outputs: [] }, given: [parseInputArgument(`${name}=@${location}`)] });
    if (stored !== undefined) return stored;
  }
  if (typeof value === "string" && takesAnyText(field) && !/[\uD800-\uDFFF]/u.test(value)) return { name, kind: "text", text: redaction.text(value) };
  return { name, kind: "json", text: readJsonText(field, redactJson(name, stringify(value) ?? "null", redaction)) };
}
