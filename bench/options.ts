import { parseArgs } from "node:util";
import { FULL_SIZES, SMALL_SIZES, type Sizes } from "./sizes.js";

export interface BenchOptions {
  /** Keys of the measurements to make, in their own order. */
  readonly only: readonly string[];
  /** Runs of each measurement; the median is what counts. */
  readonly repeat: number;
  readonly sizes: Sizes;
  /** Small sizes were asked for. */
  readonly small: boolean;
  /** A file that gets everything as JSON; `null`: none. */
  readonly jsonFile: string | null;
}

export class BenchOptionError extends Error {
  override readonly name = "BenchOptionError";
}

/** `null`: help was asked for. @throws BenchOptionError */
export function parseOptions(args: readonly string[], keys: readonly string[]): BenchOptions | null {
  const { values } = parse(args);
  if (values.help) return null;
  const only = values.only === undefined ? keys : values.only.split(",").map((key) => key.trim());
  const unknown = only.filter((key) => !keys.includes(key));
  if (unknown.length > 0) throw new BenchOptionError(`--only names ${unknown.join(", ")}; there are ${keys.join(", ")}.`);
  const repeat = Number(values.repeat);
  if (!Number.isSafeInteger(repeat) || repeat < 1) throw new BenchOptionError(`--repeat is "${values.repeat}"; it is a whole number from 1.`);
  return { only, repeat, sizes: values.small ? SMALL_SIZES : FULL_SIZES, small: values.small, jsonFile: values.json ?? null };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        only: { type: "string" },
        repeat: { type: "string", default: "3" },
        small: { type: "boolean", default: false },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new BenchOptionError(`${(error as Error).message} See --help.`);
  }
}
