import { z } from "zod";
import { parseDuration } from "../core/duration.js";

const usd = z.number().nonnegative();
const tokens = z.number().int().positive();

export const ModelPriceSchema = z.strictObject({
  inputUsdPerMillion: usd,
  outputUsdPerMillion: usd,
  cachedInputUsdPerMillion: usd.optional(),
});

export const ModelCapabilitiesSchema = z.strictObject({
  streaming: z.boolean(),
  systemMessages: z.boolean(),
  jsonSchema: z.boolean(),
}).partial();

/** One model of the registry in `rlm.config.json`; the meaning of the fields is at `ModelSettings`. All may be left out: then the name is all that is known of it. */
export const RegisteredModel = z.strictObject({
  model: z.string().min(1),
  baseURL: z.url({ protocol: /^https?$/, error: "it must be an http(s) URL, like http://127.0.0.1:8000/v1" }).refine(hasNoPassword, "it holds a user or a password, which would be kept with every run: name the variable that holds a key in \"apiKeyEnv\""),
  apiKeyEnv: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, { error: "it must be the name of an environment variable, like GROQ_API_KEY; never the key itself" }),
  wire: z.enum(["chat", "responses"]),
  contextTokens: tokens,
  maxOutputTokens: tokens,
  /** As in "90s"; a number is milliseconds. */
  callTimeout: z.union([z.string(), z.number()]).transform((value, context) => {
    try {
      return typeof value === "number" ? value : parseDuration(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  }).pipe(z.number().int().positive()),
  /** `null`, or left out: not known. */
  price: ModelPriceSchema.nullable(),
  /** More fields of the request body: reasoning effort, temperature, provider's options. */
  parameters: z.record(z.string(), z.json()),
  capabilities: ModelCapabilitiesSchema,
  /** `llm_query(model="…")` may use it. @default false */
  allowed: z.boolean(),
}).partial();
export type RegisteredModel = z.infer<typeof RegisteredModel>;

function hasNoPassword(url: string): boolean {
  return !URL.canParse(url) || new URL(url).username + new URL(url).password === "";
}
