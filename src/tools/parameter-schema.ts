import { z } from "zod";
import type { JsonSchema } from "../core/tool-spec.js";
import { isPythonIdentifier } from "../signature/names.js";
import { PYTHON_KEYWORDS } from "../signature/reserved-names.js";
import { ToolArgumentsError, ToolDefinitionError } from "./errors.js";
import type { Tool } from "./tool.js";

/** Set on integers that zod wants as bigint; a small one arrives as a number otherwise. */
const BIGINT = "x-bigint";

const KEYWORDS: ReadonlySet<string> = new Set(PYTHON_KEYWORDS);
/** Types that no value from JSON can have, and what to write instead. */
const NOT_FROM_JSON: Readonly<Record<string, string>> = { date: "z.coerce.date() or z.iso.date()", map: "z.record(z.string(), …)", set: "z.array(…)" };

/** The parameters of a tool as JSON Schema, and the check of arguments against them. @throws ToolDefinitionError */
export function readSchema(name: string, parameters: z.ZodObject | JsonSchema): Pick<Tool, "schema" | "parse"> {
  const validator = toZod(name, parameters);
  const schema = z.toJSONSchema(validator, {
    io: "input",
    unrepresentable: "any",
    override({ zodSchema, jsonSchema }) {
      const { def } = zodSchema._zod;
      if (def.type === "bigint") Object.assign(jsonSchema, { type: "integer", [BIGINT]: true });
      const instead = NOT_FROM_JSON[def.type];
      if (instead !== undefined && !("coerce" in def && def.coerce)) {
        throw new ToolDefinitionError(`The parameters of tool \`${name}\` have a z.${def.type}(), which no argument can be: they travel as JSON. Write ${instead}.`);
      }
    },
  }) as JsonSchema;
  if (schema["type"] !== "object") throw new ToolDefinitionError(`The parameters of tool \`${name}\` are no object. Give z.object({ … }), one field for each parameter.`);
  for (const parameter of Object.keys(propertiesOf(schema))) requireParameterName(name, parameter);
  return { schema, parse: (args) => parseArguments(name, validator, propertiesOf(schema), args) };
}

function requireParameterName(name: string, parameter: string): void {
  if (!isPythonIdentifier(parameter)) throw new ToolDefinitionError(`The parameter \`${parameter}\` of tool \`${name}\` is not a Python name. Use letters, digits and underscores.`);
  if (KEYWORDS.has(parameter)) throw new ToolDefinitionError(`The parameter \`${parameter}\` of tool \`${name}\` is a Python keyword. Choose another name, for example \`${parameter.toLowerCase()}_\`.`);
}

export function propertiesOf(schema: JsonSchema): Readonly<Record<string, JsonSchema>> {
  return (schema["properties"] ?? {}) as Readonly<Record<string, JsonSchema>>;
}

function toZod(name: string, parameters: z.ZodObject | JsonSchema): z.ZodType {
  try {
    return "_zod" in parameters ? (parameters as z.ZodObject) : z.fromJSONSchema(parameters);
  } catch (cause) {
    throw new ToolDefinitionError(`The parameters of tool \`${name}\` are neither a zod 4 object nor a JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}

async function parseArguments(name: string, validator: z.ZodType, properties: Readonly<Record<string, JsonSchema>>, args: Readonly<Record<string, unknown>>): Promise<unknown> {
  const unknown = Object.keys(args).filter((each) => !Object.hasOwn(properties, each));
  if (unknown.length > 0) throw new ToolArgumentsError(`${name}(): there is no parameter ${unknown.map((each) => `'${each}'`).join(", ")}`);
  const widened = Object.fromEntries(Object.entries(args).map(([key, value]) => [key, properties[key]?.[BIGINT] === true && Number.isSafeInteger(value) ? BigInt(value as number) : value]));
  const parsed = await validator.safeParseAsync(widened);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `parameter '${path.map(String).join(".")}' was given ${shown(at(args, path))}: ${message}`);
  throw new ToolArgumentsError(`${name}(): ${faults.join("; ")}`);
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inside, key) => (typeof inside === "object" && inside !== null ? (inside as Record<PropertyKey, unknown>)[key] : undefined), value);
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
