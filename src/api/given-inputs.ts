import type { GivenInput, InputSource } from "../client/inputs/input-source.js";
import { InputError } from "../client/errors.js";
import { takesAnyText } from "../client/inputs/typed-text.js";
import type { SignatureField } from "../core/signature.js";
import { describeIssue, type StandardSchema } from "../signature/standard-schema.js";
import type { TypedSignature } from "../signature/typed-signature.js";
import { InputData, toByteStream } from "./input-data.js";
import { toInputJson } from "./input-json.js";

/** A list or object of numbers takes big integers as well. */
type Exact<T> = T extends number ? (number extends T ? T | bigint : T) : T extends Uint8Array ? T : T extends readonly unknown[] | Record<string, unknown> ? { readonly [Key in keyof T]: Exact<T[Key]> } : T;

/** What a run of a task is given: a value of the declared type, or data that is elsewhere. */
export type GivenInputs<Inputs> = { readonly [Name in keyof Inputs]: Exact<Inputs[Name]> | InputData | Uint8Array };

/**
 * The inputs of a run in the shape that `prepareInputs` takes. Values of fields with a schema are checked by it.
 * @throws InputError names the input
 */
export async function toGivenInputs({ spec, schemas }: Pick<TypedSignature<object, object>, "spec" | "schemas">, inputs: object): Promise<readonly GivenInput[]> {
  const fields = new Map(spec.inputs.map((field) => [field.name, field]));
  const given: GivenInput[] = [];
  const all: Record<string, unknown> = { ...inputs };
  // A field that is left out may have a default.
  for (const name of new Set([...Object.keys(all), ...Object.keys(schemas.inputs)])) {
    const schema = schemas.inputs[name];
    // Not through a promise where there is none: a promise that is given as a value must be refused, not awaited.
    const value = schema === undefined || isData(all[name]) ? all[name] : await checked(name, all[name], schema);
    if (value !== undefined) given.push({ name, source: toSource(name, value, fields.get(name)) });
  }
  return given;
}

function isData(value: unknown): boolean {
  return value instanceof InputData || value instanceof Uint8Array;
}

async function checked(name: string, value: unknown, schema: StandardSchema): Promise<unknown> {
  const result = await schema["~standard"].validate(value);
  if (result.issues === undefined) return result.value;
  if (value === undefined) return undefined; // told as missing, with the others
  throw new InputError(name, `Input ${result.issues.map((issue) => describeIssue(name, issue)).join("; ")}.`);
}

function toSource(name: string, value: unknown, field: SignatureField | undefined): InputSource {
  if (value instanceof Uint8Array) return { from: "stream", chunks: toByteStream(one(value)), as: "bytes" };
  if (value instanceof InputData) return dataSource(value);
  // Long texts are not quoted and read back; only those that UTF-8 cannot hold need JSON.
  if (typeof value === "string" && field !== undefined && takesAnyText(field) && !/[\uD800-\uDFFF]/u.test(value)) return { from: "value", text: value };
  return { from: "json", text: toInputJson(name, value) };
}

function dataSource({ where, as }: InputData): InputSource {
  switch (where.from) {
    case "file":
      return { from: "file", path: where.path, as };
    case "stream":
      return { from: "stream", chunks: toByteStream(where.stream), as };
    case "stored":
      return { from: "stored", ref: where.ref, as };
  }
}

async function* one(data: Uint8Array): AsyncGenerator<Uint8Array> {
  yield data;
}
