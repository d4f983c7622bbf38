import type { BlobRef } from "../../core/blob-ref.js";
import type { RunInputDescriptor } from "../../core/run-spec.js";
import type { Signature, SignatureField } from "../../core/signature.js";
import { checkInputs } from "../../signature/check-inputs.js";
import type { BlobStore } from "../../store/blob-store.js";
import { InputError } from "../errors.js";
import type { GivenInput, InputSource } from "./input-source.js";
import { readInputFile, requireFile } from "./open-source.js";
import { readJsonText, readTypedText, takesAnyText } from "./typed-text.js";
import { Utf8Check } from "./utf8-check.js";

export interface PrepareInputs {
  readonly store: BlobStore;
  readonly signature: Signature;
  readonly given: readonly GivenInput[];
  /** Read once, by the one input that asks for it. @default empty */
  readonly stdin?: AsyncIterable<Uint8Array>;
}

export interface PreparedInputs {
  /** In the signature's order. */
  readonly inputs: readonly RunInputDescriptor[];
  /** For people: e.g. how many bytes were not UTF-8. */
  readonly warnings: readonly string[];
}

/** JSON must be read whole to be checked; plain text is streamed at any size. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/**
 * Puts the inputs of a run into the store. All that can be seen without reading the data is checked before the first byte is written.
 * @throws InputError names the input, the fault and the cure
 */
export async function prepareInputs({ store, signature, given, stdin = nothing() }: PrepareInputs): Promise<PreparedInputs> {
  const byName = await checkGiven(store, signature, given);
  const inputs: RunInputDescriptor[] = [];
  const warnings: string[] = [];
  for (const field of signature.inputs) {
    const source = byName.get(field.name);
    if (source !== undefined) inputs.push(await prepareOne(store, field, source, stdin, warnings));
  }
  return { inputs, warnings };
}

async function checkGiven(store: BlobStore, signature: Signature, given: readonly GivenInput[]): Promise<ReadonlyMap<string, InputSource>> {
  const byName = new Map(given.map(({ name, source }) => [name, source]));
  const twice = given.find(({ name }, at) => given.findIndex((other) => other.name === name) !== at);
  if (twice !== undefined) throw new InputError(twice.name, `Input \`${twice.name}\` is given twice. Leave one of them out.`);
  const { faults } = checkInputs(signature, byName.keys());
  if (faults.length > 0) throw new InputError("", faults.join("\n"));
  const fromStdin = given.filter(({ source }) => source.from === "stdin");
  if (fromStdin.length > 1) throw new InputError(fromStdin[1]?.name ?? "", `Only one input can be read from stdin; ${fromStdin.map(({ name }) => `\`${name}\``).join(" and ")} ask for it.`);
  const fields = new Map(signature.inputs.map((field) => [field.name, field]));
  for (const { name, source } of given) {
    const field = fields.get(name);
    if (source.from === "file") await requireFile(name, source.path);
    else if (source.from === "stored") await requireStored(store, name, source.ref);
    else if (source.from === "json" && field) readJsonText(field, source.text);
    else if (source.from === "value" && field) readTypedText(field, source.text);
  }
  return byName;
}

async function prepareOne(
  store: BlobStore,
  field: SignatureField,
  source: InputSource,
  stdin: AsyncIterable<Uint8Array>,
  warnings: string[],
): Promise<RunInputDescriptor> {
  const { name } = field;
  const putJson = async (json: string): Promise<RunInputDescriptor> => ({ name, kind: "json", ref: await store.put(Buffer.from(json, "utf8")) });
  const putGivenJson = async (text: string): Promise<RunInputDescriptor> => {
    const json = readJsonText(field, text);
    const plain = takesAnyText(field) ? plainText(json) : null;
    return plain === null ? putJson(json) : { name, kind: "text", ref: await store.put(Buffer.from(plain, "utf8")) };
  };
  const putText = async (text: string): Promise<RunInputDescriptor> => {
    const typed = readTypedText(field, text);
    return typed.kind === "json" ? putJson(typed.json) : { name, kind: "text", ref: await store.put(Buffer.from(text, "utf8")) };
  };
  if (source.from === "value") return putText(source.text);
  if (source.from === "json") return putGivenJson(source.text);

  const isBytes = source.as === "bytes" || (source.as === "text" && field.type.kind === "bytes");
  if (source.from === "stored" && (isBytes || (source.as === "text" && takesAnyText(field)))) return { name, kind: isBytes ? "bytes" : "text", ref: source.ref };
  const chunks = chunksOf(store, name, source, stdin, isBytes);
  if (isBytes) return { name, kind: "bytes", ref: await store.putStream(chunks) };
  if (source.as === "json") return putGivenJson(await readWhole(name, chunks));
  if (!takesAnyText(field)) return putText((await readWhole(name, chunks)).trim());
  const check = new Utf8Check();
  const ref = await store.putStream(check.through(chunks));
  if (check.faults() > 0) warnings.push(`Input \`${name}\` is not all UTF-8: ${check.faults()} faulty byte sequences become U+FFFD. Use ${name}=@b:FILE for bytes.`);
  return { name, kind: "text", ref };
}

function chunksOf(store: BlobStore, name: string, source: Exclude<InputSource, { from: "value" | "json" }>, stdin: AsyncIterable<Uint8Array>, isBytes: boolean): AsyncIterable<Uint8Array> {
  switch (source.from) {
    case "stdin":
      return stdin;
    case "stream":
      return source.chunks;
    case "file":
      return readInputFile(name, source.path, isBytes);
    case "stored":
      return storedChunks(store, source.ref);
  }
}

async function* storedChunks(store: BlobStore, { digest }: BlobRef): AsyncGenerator<Uint8Array> {
  yield await store.get(digest);
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function requireStored(store: BlobStore, name: string, { digest }: BlobRef): Promise<void> {
  if (!(await store.has(digest))) throw new InputError(name, `Input \`${name}\`: the store holds no blob ${digest.slice(0, 12)}…. Put it there first, in the very store that the run will use.`);
}

/** The text of a JSON string, so that a long one is loaded like any text; `null` for other JSON and for what UTF-8 cannot hold. */
function plainText(json: string): string | null {
  if (!json.trimStart().startsWith("\"")) return null;
  const text = JSON.parse(json) as string;
  return /[\uD800-\uDFFF]/u.test(text) ? null : text;
}

async function readWhole(name: string, chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.byteLength;
    if (bytes > MAX_JSON_BYTES) throw new InputError(name, `Input \`${name}\` is JSON of more than ${MAX_JSON_BYTES / 2 ** 20} MiB. Give it as text (declare it as str) and parse it in the sandbox.`);
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString("utf8");
}
