/** A value type of a signature field, as plain JSON so that it travels to workflows and manifests unchanged. */
export type TypeSpec =
  | { readonly kind: "str" | "int" | "float" | "bool" | "none" | "any" | "bytes" | "date" | "datetime"; readonly rules?: ValueRules }
  | { readonly kind: "list"; readonly item: TypeSpec; readonly rules?: ValueRules }
  /** Keys are always strings (JSON). */
  | { readonly kind: "dict"; readonly value: TypeSpec }
  | { readonly kind: "tuple"; readonly items: readonly TypeSpec[] }
  | { readonly kind: "literal"; readonly values: readonly (string | number | boolean | null)[] }
  | { readonly kind: "union"; readonly options: readonly TypeSpec[] }
  | { readonly kind: "object"; readonly fields: readonly SignatureField[] };

/** Limits on a value beyond its type, with JSON Schema's names. From the object form only; the string form has no words for them. */
export interface ValueRules {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  /** In code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** A regular expression without flags, found anywhere in the text. */
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface SignatureField {
  readonly name: string;
  readonly type: TypeSpec;
  readonly description?: string;
  /** `name?` in the string form: the field may be left out. */
  readonly optional?: boolean;
}

/** The typed task: inputs become Python variables, outputs become the parameters of `SUBMIT`. */
export interface Signature {
  readonly inputs: readonly SignatureField[];
  readonly outputs: readonly SignatureField[];
  /** What to do with the inputs; rendered into the root model's system message. */
  readonly instructions?: string;
}
