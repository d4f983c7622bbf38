/**
 * The wording of the prompts, as data: what may be tuned, or differ by family of models. The protocol (REPL rules, SUBMIT, limits) is rendered by code around it,
 * so that no wording can lose it. A published pack never changes; a better wording is a new version.
 *
 * `{{name}}` in a text is filled in; the names each text may use stand at its field.
 */
export interface PromptPack {
  readonly version: string;
  /** First paragraph of the system message. */
  readonly task: string;
  /** How to work, when sub-calls are allowed. `{{subCallSize}}`: how much text one sub-call takes; `{{maxLlmCalls}}`. */
  readonly strategy: string;
  /** How to work, when they are not. */
  readonly strategyWithoutSubCalls: string;
  /** Worked examples, shown when sub-calls are allowed. */
  readonly examples: string;
  /** How to use the user's tools, where there are any; what they are stands before it. */
  readonly tools: string;
  /** How to hand in outputs; what they are stands before it. */
  readonly outputs: string;
  /** First user message. */
  readonly opening: string;
  /** System message of a sub-call. */
  readonly subCall: string;
  /** What the extract call is asked; the keys of the answer follow. */
  readonly extract: string;
}

/** A difference for a family of models, on top of a pack. */
export interface PackOverride {
  readonly family: string;
  /** Matched against the name that the provider knows. */
  readonly models: RegExp;
  /** Lines put after the texts of the pack. */
  readonly append: Readonly<Partial<Omit<PromptPack, "version">>>;
}

/** Fills `{{name}}`s in. Throws on a name that has no value: the pack and the code disagree. */
export function fillTemplate(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The prompt pack uses {{${name}}}, which has no value here. Use one of: ${Object.keys(values).join(", ") || "none"}.`);
    return value;
  });
}
