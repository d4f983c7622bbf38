import type { RunSpec } from "../../core/run-spec.js";
import { InputError } from "../errors.js";

/** As the sandbox has it for texts: what is loaded may take this share of the memory. */
const SHARE_OF_MEMORY = 0.75;

/**
 * Only texts can stay outside of memory (`LazyText`): bytes and JSON values, such as a dict of files, must fit into it together.
 * @throws InputError names the largest, and the cure
 */
export function requireRoom({ inputs, limits }: Pick<RunSpec, "inputs" | "limits">): void {
  const loaded = inputs.filter(({ kind }) => kind !== "text").sort((a, b) => b.ref.bytes - a.ref.bytes);
  const bytes = loaded.reduce((sum, { ref }) => sum + ref.bytes, 0);
  const [largest] = loaded;
  if (largest === undefined || bytes <= limits.memoryLimitBytes * SHARE_OF_MEMORY) return;
  throw new InputError(
    largest.name,
    `The inputs other than text are ${bytes} bytes, the largest \`${largest.name}\`, and the sandbox has ${limits.memoryLimitBytes} bytes of memory, of which they may take three quarters. Raise --memory-limit (up to 4GiB), give fewer, or give it as one text: texts need not fit.`,
  );
}
