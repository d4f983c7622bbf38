import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { Signature } from "../core/signature.js";
import { parseSignature } from "../signature/parse-signature.js";
import { CliError } from "./cli-error.js";
import { EXIT } from "./exit-code.js";

const Program = z.strictObject({ signature: z.string(), instructions: z.string().optional() });

/** The task of a run, from `--signature` or `--program`, with `--instructions` over those of the program. */
export interface TaskFlags {
  readonly signature?: string;
  readonly program?: string;
  readonly instructions?: string;
}

/**
 * @throws SignatureError
 * @throws CliError exit code 2
 */
export async function readTask(flags: TaskFlags): Promise<{ readonly signature: Signature; readonly text: string }> {
  if ((flags.signature === undefined) === (flags.program === undefined)) {
    throw new CliError("no_signature", EXIT.usage, flags.program === undefined ? "There is no signature." : "Both --signature and --program are given.", "Give one of them, for example -s \"logs, question -> answer: str\".");
  }
  const { signature: text, instructions } = flags.program === undefined ? { signature: flags.signature ?? "", instructions: undefined } : await readProgram(flags.program);
  const signature = parseSignature(text);
  const told = flags.instructions ?? instructions;
  return { signature: told === undefined ? signature : { ...signature, instructions: told }, text };
}

async function readProgram(file: string): Promise<z.infer<typeof Program>> {
  try {
    return Program.parse(JSON.parse(await readFile(file, "utf8")));
  } catch (error) {
    const why = error instanceof z.ZodError ? error.issues.map(({ path, message }) => `${path.join(".") || "it"}: ${message}`).join("; ") : error instanceof Error ? error.message : String(error);
    throw new CliError("invalid_program", EXIT.usage, `The program ${file} cannot be used: ${why}.`, "It is JSON: {\"signature\": \"…\", \"instructions\": \"…\"}.", { cause: error });
  }
}
