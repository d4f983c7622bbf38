import path from "node:path";
import type { WindowSource } from "../../core/schedule-wire.js";
import type { Signature } from "../../core/signature.js";
import { ScheduleError } from "./schedule-error.js";

/**
 * Reads one `--source`: `NAME=ADDRESS`, `NAME=b:FILE` (bytes), `NAME:=FILE` (JSON); without a name it is for the one input that is given in no other way.
 * @param given names of inputs that have a value
 * @throws ScheduleError
 */
export function parseSource(text: string, { inputs }: Signature, given: ReadonlySet<string>, cwd: string): WindowSource {
  const [, named, operator = "=", rest = text] = /^([A-Za-z_]\w*)(:?=)([^]*)$/.exec(text) ?? [];
  const free = inputs.filter(({ name }) => !given.has(name));
  const name = named ?? (free.length === 1 ? free[0]?.name : undefined);
  if (name === undefined) throw new ScheduleError(`"${text.slice(0, 60)}" is for one of ${free.map((field) => field.name).join(", ") || "no inputs"}. Write NAME=${text.slice(0, 60)}.`);
  if (!inputs.some((field) => field.name === name)) throw new ScheduleError(`\`${name}\` is no input of the signature (inputs: ${inputs.map((field) => field.name).join(", ")}). Write NAME=… before the address.`);
  const bare = rest.replace(/^@/, "");
  const as = operator === ":=" ? "json" : bare.startsWith("b:") ? "bytes" : "text";
  const address = as === "bytes" ? bare.slice(2) : bare;
  if (address === "" || address === "-") throw new ScheduleError(`Input \`${name}\` has no address. Write ${name}=FILE, a directory, a pattern or http(s)://….`);
  return { name, address: /^[a-z][a-z0-9+.-]+:\/\//i.test(address) ? address : path.resolve(cwd, address), as };
}
