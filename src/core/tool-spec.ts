/** A JSON Schema, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** One parameter of a tool, as the sandbox and the model are told of it. */
export interface ToolParameter {
  readonly name: string;
  /** In Python's words, e.g. `list[str]`. */
  readonly type: string;
  readonly required: boolean;
  /** What is used when it is left out; absent: `None`. */
  readonly default?: unknown;
  readonly description?: string;
  readonly schema: JsonSchema;
}

/** One of the user's tools without its code: part of the run's spec, and of the session. */
export interface ToolSpec {
  readonly name: string;
  readonly description: string;
  /** Required ones first: the order of positional arguments. */
  readonly parameters: readonly ToolParameter[];
}
