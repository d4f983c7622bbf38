import type { RunInputDescriptor } from "../../core/run-spec.js";
import type { Signature } from "../../core/signature.js";
import { checkInputs } from "../../signature/check-inputs.js";
import { Redaction } from "../../sources/redaction.js";
import type { BlobStore } from "../../store/blob-store.js";
import { InputError } from "../errors.js";
import type { GivenInput, InputSource } from "./input-source.js";
import { locateInput, requireFilesField } from "./locate-input.js";
import { prepareInput, requireStored } from "./prepare-input.js";
import { redactJson } from "./redact-json.js";
import { readJsonText, readTypedText } from "./typed-text.js";

export interface PrepareInputs {
  readonly store: BlobStore;
  readonly signature: Signature;
  readonly given: readonly GivenInput[];
  /** What must not reach the store; it counts what it finds. `Redaction.of([])` where nothing is configured. */
  readonly redaction: Redaction;
  /** Read once, by the one input that asks for it. @default empty */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface PreparedInputs {
  /** In the signature's order. */
  readonly inputs: readonly RunInputDescriptor[];
  /** For people: e.g. how many bytes were not UTF-8, how many places were redacted. */
  readonly warnings: readonly string[];
}

/**
 * Puts the inputs of a run into the store, redacted. All that can be seen without reading the data is checked before the first byte is written.
 * @throws InputError names the input, the fault and the cure
 */
export async function prepareInputs({ store, signature, given, redaction, stdin = nothing() }: PrepareInputs): Promise<PreparedInputs> {
  const byName = await checkGiven(store, signature, given, redaction);
  const inputs: RunInputDescriptor[] = [];
  const warnings: string[] = [];
  for (const field of signature.inputs) {
    const source = byName.get(field.name);
    if (source === undefined) continue;
    const before = redaction.found;
    const input = await prepareInput({ store, field, source, stdin, redaction, warnings });
    const redacted = redaction.found - before;
    if (redacted > 0) warnings.push(`Input \`${field.name}\`: ${redacted} place${redacted === 1 ? "" : "s"} redacted.`);
    inputs.push(redacted > 0 ? { ...input, redacted } : input);
  }
  return { inputs, warnings };
}

async function checkGiven(store: BlobStore, signature: Signature, given: readonly GivenInput[], { patterns }: Redaction): Promise<ReadonlyMap<string, InputSource>> {
  const byName = new Map(given.map(({ name, source }) => [name, source]));
  const twice = given.find(({ name }, at) => given.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw new InputError(twice.name, `Input \`${twice.name}\` is given twice. Leave one of them out.`);
  const { faults } = checkInputs(signature, byName.keys());
  if (faults.length > 0) throw new InputError("", faults.join("\n"));
  const fromStdin = given.filter(({ source }) => source.from === "stdin");
  if (fromStdin.length > 1) throw new InputError(fromStdin[1]?.name ?? "", `Only one input can be read from stdin; ${fromStdin.map(({ name }) => `\`${name}\``).join(" and ")} ask for it.`);
  const fields = new Map(signature.inputs.map((field) => [field.name, field]));
  // What is found here is found again when the data is stored: it is counted there.
  const dry = new Redaction(patterns);
  for (const { name, source } of given) {
    const field = fields.get(name);
    if (source.from === "file" && field) requireFilesField(field, source, await locateInput(name, source.path));
    else if (source.from === "stored") await requireStored(store, name, source.ref);
    else if (source.from === "json" && field) readJsonText(field, redactJson(name, source.text, dry));
    else if (source.from === "value" && field) readTypedText(field, dry.text(source.text));
  }
  return byName;
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
