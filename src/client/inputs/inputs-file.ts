import { readFile } from "node:fs/promises";
import { parse, stringify } from "lossless-json";
import { InputError } from "../errors.js";
import type { GivenInput } from "./input-source.js";

/**
 * Reads `--inputs FILE.json`: one JSON object, a member for each input. Numbers keep every digit.
 * @throws InputError
 */
export async function readInputsFile(file: string): Promise<readonly GivenInput[]> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    throw new InputError("", `The inputs file ${file} cannot be read (${error instanceof Error ? error.message : String(error)}). Check the path after --inputs.`, { cause: error });
  }
  const json = parseObject(file, text);
  return Object.entries(json).map(([name, value]) => ({ name, source: { from: "json", text: stringify(value) ?? "null" } }));
}

function parseObject(file: string, text: string): object {
  let json: unknown;
  try {
    json = parse(text);
  } catch (error) {
    throw new InputError("", `The inputs file ${file} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json;
  throw new InputError("", `The inputs file ${file} holds no JSON object. Write {"name": value, …}.`);
}
