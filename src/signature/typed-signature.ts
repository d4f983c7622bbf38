import type { Signature, SignatureField } from "../core/signature.js";
import { fieldFromSchema } from "./field-from-schema.js";
import { SignatureFieldError } from "./field-error.js";
import { formatSignature } from "./format-signature.js";
import { parseSignature } from "./parse-signature.js";
import type { StandardSchema } from "./standard-schema.js";
import type { InferSignature } from "./typed/infer-signature.js";
import type { Flat } from "./typed/object-keys.js";

type Side = "inputs" | "outputs";
type FieldSchemas = Readonly<Record<Side, Readonly<Record<string, StandardSchema>>>>;

/** A type in words, or a schema. */
export type FieldType = string | StandardSchema;

type OutputNamed<Name extends string, Type> = Type extends StandardSchema<infer _In, infer Out>
  ? { [Key in Name]: Out }
  : Type extends string
    ? InferSignature<`-> ${Name}: ${Type}`> extends { readonly outputs: infer Outputs extends object } ? Outputs : never
    : never;

/** A task with the types of its fields. Immutable: every edit gives another one. */
export class TypedSignature<Inputs extends object, Outputs extends object> {
  /** For the compiler only. */
  declare readonly "~types"?: { readonly inputs: Inputs; readonly outputs: Outputs };

  private constructor(
    /** Plain JSON, as it travels to workflows. */
    readonly spec: Signature,
    /** The schemas of the fields that have one; values are checked by them on this side, too. */
    readonly schemas: FieldSchemas,
  ) {}

  /** @throws SignatureError */
  static parse(text: string): TypedSignature<object, object> {
    return new TypedSignature(parseSignature(text), { inputs: {}, outputs: {} });
  }

  /** @throws SignatureFieldError */
  static fromSchemas(schemas: FieldSchemas, instructions?: string): TypedSignature<object, object> {
    const spec: Signature = {
      inputs: Object.entries(schemas.inputs).map(([name, schema]) => fieldFromSchema(name, schema, "input")),
      outputs: Object.entries(schemas.outputs).map(([name, schema]) => fieldFromSchema(name, schema, "output")),
      ...(instructions !== undefined && { instructions }),
    };
    return new TypedSignature(requireUsable(spec), { inputs: { ...schemas.inputs }, outputs: { ...schemas.outputs } });
  }

  /** The same task with other instructions. */
  withInstructions(instructions: string): TypedSignature<Inputs, Outputs> {
    return new TypedSignature({ ...this.spec, instructions }, this.schemas);
  }

  /**
   * The same task with descriptions of some fields; the model reads them beside the types.
   * @throws SignatureFieldError `unknown_field`
   */
  withDescriptions(descriptions: { readonly [Name in keyof Inputs | keyof Outputs]?: string }): TypedSignature<Inputs, Outputs> {
    const given = new Map<string, string>(Object.entries(descriptions).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
    const describe = (field: SignatureField): SignatureField => {
      const description = given.get(field.name);
      given.delete(field.name);
      return description === undefined ? field : { ...field, description };
    };
    const spec = { ...this.spec, inputs: this.spec.inputs.map(describe), outputs: this.spec.outputs.map(describe) };
    const [unknown] = given.keys();
    if (unknown !== undefined) throw new SignatureFieldError("unknown_field", unknown, "there is no such field to describe.", `Fields: ${formatSignature(this.spec)}`);
    return new TypedSignature(spec, this.schemas);
  }

  /**
   * The same task with one more output, after the others. `type` is a type as in the string form, or a schema.
   * @throws SignatureError, SignatureFieldError
   */
  withOutput<const Name extends string, const Type extends FieldType = "str">(name: Name, type?: Type, description?: string): TypedSignature<Inputs, Flat<Outputs & OutputNamed<Name, Type>>> {
    const field = { ...fieldOf(name, type ?? "str"), ...(description !== undefined && { description }) };
    const schema: FieldType | undefined = type;
    const schemas = schema === undefined || typeof schema === "string" ? this.schemas : { ...this.schemas, outputs: { ...this.schemas.outputs, [name]: schema } };
    return new TypedSignature(requireUsable({ ...this.spec, outputs: [...this.spec.outputs, field] }), schemas);
  }

  /** The string form, every type written out. */
  toString(): string {
    return formatSignature(this.spec);
  }

  toJSON(): Signature {
    return this.spec;
  }
}

function fieldOf(name: string, type: FieldType): SignatureField {
  if (typeof type !== "string") return fieldFromSchema(name, type, "output");
  const [field, ...others] = parseSignature(`-> ${name}: ${type}`).outputs;
  if (field === undefined || others.length > 0) throw new SignatureFieldError("illegal_name", name, "this is more than one field.", "Add one field at a time.");
  return field;
}

/** @throws SignatureFieldError */
function requireUsable(spec: Signature): Signature {
  if (spec.outputs.length === 0) throw new SignatureFieldError("no_outputs", "", "there is no output.", "Declare at least one.");
  const seen = new Set<string>();
  for (const { name } of [...spec.inputs, ...spec.outputs]) {
    if (seen.has(name)) throw new SignatureFieldError("duplicate_name", name, "it stands twice.", "Give every field a name of its own.");
    seen.add(name);
  }
  return spec;
}
