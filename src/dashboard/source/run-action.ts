import { z } from "zod";

const limitText = z.string().trim().max(40).optional();

/** Limits as people write them; `none` lifts one. */
export const LimitTexts = z.strictObject({
  maxIterations: limitText, maxLlmCalls: limitText, maxToolCalls: limitText, maxOutputChars: limitText, cellTimeout: limitText, maxConcurrency: limitText,
  maxTokens: limitText, budgetUsd: limitText, timeout: limitText, maxDepth: limitText, onLimit: limitText,
});

/** What an operator can ask of a run; the body of `POST /api/runs/ID/actions`. */
export const RunActionBody = z.discriminatedUnion("action", [
  z.strictObject({ action: z.enum(["pause", "resume", "retry", "cancel"]), why: z.string().max(200).optional() }),
  // The run itself refuses more than 32 KiB, in its own words.
  z.strictObject({ action: z.literal("steer"), text: z.string(), why: z.string().max(200).optional() }),
  z.strictObject({ action: z.literal("budget"), limits: LimitTexts, why: z.string().max(200).optional() }),
  z.strictObject({
    action: z.literal("fork"), turn: z.number().int().min(0), id: z.string().max(200).optional(), model: z.string().max(200).optional(), subModel: z.string().max(200).optional(),
    instructions: z.string().max(100_000).optional(), limits: LimitTexts.optional(), why: z.string().max(200).optional(),
  }),
]);

export type RunAction = z.infer<typeof RunActionBody>;
