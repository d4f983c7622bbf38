/**
 * The parts of [Standard Schema](https://standardschema.dev) that are used here, copied as its authors recommend, so that any library that follows it
 * will do: zod from 4.2 on, ArkType, Valibot with its JSON Schema package.
 */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
    readonly jsonSchema: {
      readonly input: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
      readonly output: (options: { readonly target: "draft-2020-12" }) => Record<string, unknown>;
    };
  };
}

export type StandardResult<Output> = { readonly value: Output; readonly issues?: undefined } | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** `items[0].name: too short`; the place from the field on. */
export function describeIssue(field: string, { message, path = [] }: StandardIssue): string {
  const keys = path.map((part) => (typeof part === "object" ? part.key : part));
  return `${field}${keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("")}: ${message}`;
}
