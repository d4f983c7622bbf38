import path from "node:path";
import type { SinkSpec } from "../core/sink-spec.js";
import { SinkSpecError } from "./sink-spec-error.js";

const FORMS = "stdout, file:PATH, webhook:URL, webhook:URL,secret-env=NAME or slack:NAME (the variable that holds the webhook's URL)";
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Reads a `--sink`. `"stdout"`: what commands do anyway; nothing is delivered by a worker.
 * @throws SinkSpecError
 */
export function parseSink(text: string, cwd: string): SinkSpec | "stdout" {
  if (text === "stdout" || text === "-") return "stdout";
  const [, kind, rest = ""] = /^(file|webhook|slack):(.+)$/s.exec(text) ?? (/^https?:/.test(text) ? [text, "webhook", text] : []);
  if (kind === "file") return { type: "file", path: path.resolve(cwd, rest) };
  if (kind === "slack") return { type: "slack", urlEnv: variable(text, rest) };
  if (kind === "webhook") return webhook(text, rest);
  throw new SinkSpecError(`"${shown(text)}" is not a sink. Write ${FORMS}.`);
}

function webhook(text: string, rest: string): SinkSpec {
  const [, address = "", secretEnv] = /^(.*?)(?:,secret-env=(.*))?$/s.exec(rest) ?? [];
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) throw new SinkSpecError(`"${shown(text)}": a webhook needs an http or https address. Write ${FORMS}.`);
  if (url.username !== "" || url.password !== "") throw new SinkSpecError("A webhook's address must hold no password: it is kept in the run's records. Sign with secret-env=NAME instead.");
  return { type: "webhook", url: url.href, ...(secretEnv !== undefined && { secretEnv: variable(text, secretEnv) }) };
}

function variable(text: string, name: string): string {
  if (!VARIABLE.test(name)) throw new SinkSpecError(`"${shown(text)}": name a variable of the worker's environment that holds the secret, not the secret itself. Write ${FORMS}.`);
  return name;
}

/** A secret given by mistake must not be repeated in a log. */
function shown(text: string): string {
  return text.length <= 24 ? text : `${text.slice(0, 24)}…`;
}
