import type { BlobRef } from "../../core/blob-ref.js";
import type { RunInputDescriptor } from "../../core/run-spec.js";
import type { SignatureField } from "../../core/signature.js";
import { filesAsJson } from "../../sources/files-as-json.js";
import { openSource } from "../../sources/open-source.js";
import type { Redaction } from "../../sources/redaction.js";
import type { OpenedSource } from "../../sources/source.js";
import type { BlobStore } from "../../store/blob-store.js";
import { InputError } from "../errors.js";
import type { InputSource } from "./input-source.js";
import { asInputError, locateInput } from "./locate-input.js";
import { redactJson } from "./redact-json.js";
import { readJsonText, readTypedText, takesAnyText } from "./typed-text.js";
import { Utf8Check } from "./utf8-check.js";

export interface PrepareInput {
  readonly store: BlobStore;
  readonly field: SignatureField;
  readonly source: InputSource;
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly redaction: Redaction;
  /** Added to. */
  readonly warnings: string[];
}

/** JSON must be read whole to be checked; plain text is streamed at any size. */
const MAX_JSON_BYTES = 256 * 2 ** 20;

/**
 * Puts one input into the store.
 * @throws InputError
 */
export async function prepareInput(request: PrepareInput): Promise<RunInputDescriptor> {
  const { store, field, source, redaction } = request;
  if (source.from === "value") return putText(store, field, redaction.text(source.text));
  if (source.from === "json") return putJson(store, field, redactJson(field.name, source.text, redaction));
  try {
    return await prepareData(request, source);
  } catch (error) {
    throw asInputError(field.name, error);
  }
}

async function prepareData({ store, field, redaction, warnings, stdin }: PrepareInput, source: Exclude<InputSource, { from: "value" | "json" }>): Promise<RunInputDescriptor> {
  const { name } = field;
  const { as } = source;
  const check = new Utf8Check();
  const isBytes = as === "bytes" || (as === "text" && field.type.kind === "bytes");
  if (isBytes && !redaction.isEmpty) throw new InputError(name, `Input \`${name}\` is bytes, which patterns cannot redact. Give it as text, or redact nothing in this run.`);
  const located = source.from === "file" ? await locateInput(name, source.path) : null;
  if (located?.kind === "files") {
    const ref = await store.putStream(filesAsJson(located.files, redaction, (chunks) => check.through(chunks)));
    warnOfBytes(warnings, name, check);
    return { name, kind: "json", ref };
  }
  if (source.from === "stored" && redaction.isEmpty && (isBytes || (as === "text" && takesAnyText(field)))) return { name, kind: isBytes ? "bytes" : "text", ref: source.ref };
  const { chunks, origin }: OpenedSource = located !== null ? await openSource(located, isBytes) : { chunks: source.from === "stored" ? storedChunks(store, source.ref) : source.from === "stream" ? source.chunks : stdin };
  const known = origin === undefined ? {} : { origin };
  if (isBytes) return { name, kind: "bytes", ref: await store.putStream(chunks), ...known };
  if (as === "json") return { ...(await putJson(store, field, redactJson(name, await readWhole(name, chunks), redaction))), ...known };
  if (!takesAnyText(field)) return { ...(await putText(store, field, redaction.text((await readWhole(name, chunks)).trim()))), ...known };
  const checked = check.through(chunks);
  const ref = await store.putStream(redaction.isEmpty ? checked : redaction.bytes(checked));
  warnOfBytes(warnings, name, check);
  return { name, kind: "text", ref, ...known };
}

function warnOfBytes(warnings: string[], name: string, check: Utf8Check): void {
  if (check.faults() > 0) warnings.push(`Input \`${name}\` is not all UTF-8: ${check.faults()} faulty byte sequences become U+FFFD. Use ${name}=@b:FILE for bytes.`);
}

async function putText(store: BlobStore, field: SignatureField, text: string): Promise<RunInputDescriptor> {
  const typed = readTypedText(field, text);
  return { name: field.name, kind: typed.kind, ref: await store.put(Buffer.from(typed.kind === "json" ? typed.json : text, "utf8")) };
}

async function putJson(store: BlobStore, field: SignatureField, text: string): Promise<RunInputDescriptor> {
  const json = readJsonText(field, text);
  const plain = takesAnyText(field) ? plainText(json) : null;
  return { name: field.name, kind: plain === null ? "json" : "text", ref: await store.put(Buffer.from(plain ?? json, "utf8")) };
}

async function* storedChunks(store: BlobStore, { digest }: BlobRef): AsyncGenerator<Uint8Array> {
  yield await store.get(digest);
}

/** @throws InputError */
export async function requireStored(store: BlobStore, name: string, { digest }: BlobRef): Promise<void> {
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
