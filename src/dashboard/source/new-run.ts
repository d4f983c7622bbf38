import { z } from "zod";
import { LimitTexts } from "./run-action.js";

/** A run as the form asks for it; the body of `POST /api/runs`. Values only: a path would let the browser read files of this machine. */
export const NewRunBody = z.strictObject({
  signature: z.string().min(1, "There is no signature. Write one like: logs, question -> answer: str").max(20_000),
  instructions: z.string().max(100_000).optional(),
  inputs: z.array(z.strictObject({ name: z.string().max(200), text: z.string(), json: z.boolean() })).max(200),
  model: z.string().max(200).optional(),
  subModel: z.string().max(200).optional(),
  id: z.string().max(200).optional(),
  limits: LimitTexts,
});

export type NewRun = z.infer<typeof NewRunBody>;

/** Starts what the form asks for; given by the command line, which has the configuration. */
export type StartNewRun = (run: NewRun) => Promise<{ readonly workflowId: string; readonly warnings: readonly string[] }>;
