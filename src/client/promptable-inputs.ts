import { findModelSettings } from "../core/model-settings.js";
import type { RunSpec } from "../core/run-spec.js";
import { ASSUMED_CONTEXT_TOKENS } from "../core/transcript-size.js";
import { InputError } from "./errors.js";

/** Room for the answer, and for what tools return. */
const SHARE_OF_CONTEXT = 0.6;
const BYTES_PER_TOKEN = 4;

/**
 * Strategies without a sandbox put the inputs into the prompt: they must fit.
 * @throws InputError
 */
export function requirePromptableInputs({ strategy, inputs, models }: RunSpec): void {
  if (strategy === undefined) return;
  const binary = inputs.find(({ kind }) => kind === "bytes");
  if (binary !== undefined) throw new InputError(binary.name, `Input \`${binary.name}\` is bytes, which cannot stand in a prompt as the strategy ${strategy} wants it. Give text, or use the strategy rlm.`);
  const bytes = inputs.reduce((sum, { ref }) => sum + ref.bytes, 0);
  const contextTokens = findModelSettings(models.settings, models.root).contextTokens ?? ASSUMED_CONTEXT_TOKENS;
  const most = Math.floor(contextTokens * SHARE_OF_CONTEXT * BYTES_PER_TOKEN);
  if (bytes > most) {
    throw new InputError("", `The inputs have ${bytes} bytes; the strategy ${strategy} puts them into the prompt of ${models.root}, which takes about ${most}. Use the strategy rlm: it reads inputs of any size.`);
  }
}
