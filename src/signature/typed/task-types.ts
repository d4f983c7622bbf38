import type { InferSignature } from "./infer-signature.js";
import type { Flat } from "./object-keys.js";
import type { SignatureMistake } from "./signature-mistake.js";
import type { StandardSchema } from "../standard-schema.js";
import type { TypedSignature } from "../typed-signature.js";

export type SchemaFields = Readonly<Record<string, StandardSchema>>;

/** The object form: fields described by schemas, whose descriptions reach the model. */
export interface SignatureObject {
  readonly inputs: SchemaFields;
  readonly outputs: SchemaFields;
  /** What to do with the inputs. */
  readonly instructions?: string;
}

/** Anything that states a task. */
export type Task = string | SignatureObject | TypedSignature<object, object>;

/** The task itself, or a `SignatureMistake` that nothing can be assigned to. */
export type CheckedTask<T extends Task> = T extends string ? (InferSignature<T> extends SignatureMistake<infer Message> ? SignatureMistake<Message> : T) : T;

type AcceptsNothing<T> = undefined extends T ? (unknown extends T ? false : true) : false;

/** The fields of schemas as one object type; those that accept `undefined` may be left out. */
type SchemaTypes<Fields extends SchemaFields, Side extends "input" | "output"> = Flat<
  { -readonly [Name in keyof Fields as AcceptsNothing<SchemaType<Fields[Name], Side>> extends true ? never : Name]: SchemaType<Fields[Name], Side> } & {
    -readonly [Name in keyof Fields as AcceptsNothing<SchemaType<Fields[Name], Side>> extends true ? Name : never]?: SchemaType<Fields[Name], Side>;
  }
>;

type SchemaType<Schema, Side extends "input" | "output"> = Schema extends { readonly "~standard": { readonly types?: infer Types } } ? NonNullable<Types>[Side & keyof NonNullable<Types>] : never;

/** Types of the inputs that a task declares, as values. */
export type InputsOf<T> = T extends TypedSignature<infer Inputs, object>
  ? Inputs
  : T extends string
    ? InferSignature<T> extends { readonly inputs: infer Inputs extends object } ? Inputs : never
    : T extends SignatureObject
      ? SchemaTypes<T["inputs"], "input">
      : never;

/** Types of the outputs that a run of the task gives. */
export type OutputsOf<T> = T extends TypedSignature<object, infer Outputs>
  ? Outputs
  : T extends string
    ? InferSignature<T> extends { readonly outputs: infer Outputs extends object } ? Outputs : never
    : T extends SignatureObject
      ? SchemaTypes<T["outputs"], "output">
      : never;
