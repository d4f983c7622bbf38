import { SnapshotRefusedError } from "../../snapshot/errors.js";
import { compilePyodide, importPyodide } from "../../snapshot/pyodide-program.js";
import { deno } from "./deno.js";
import { describeFailure } from "./describe-failure.js";
import { processMs } from "./outside-world.js";
import { type BeginCommand, type BootCommand, type ChildSettings, type CapturedMessage, type ExecuteCommand, type FailedMessage, FromChild, type RestoreCommand, splitHead, ToChild } from "./protocol.js";
import { Sandbox, SetupError } from "./sandbox.js";
import { readFrame, writeFrame, writeJson } from "./stdio.js";

/*
 * The program of a sandbox process: one command after the other, until stdin ends. Single-threaded; a host call blocks in the middle of a
 * command. Whatever goes wrong is reported once and ends the process: there is no half-broken session.
 */

const settings = JSON.parse(deno.args[0] ?? "null") as ChildSettings;
const compiled = compilePyodide(settings.pyodideDirectory);
let sandbox: Sandbox | null = null;

try {
  if (settings.purpose === "load") await loadOnly();
  if (settings.purpose === "restore") await restore();
  for (;;) {
    const { type, payload } = readFrame();
    await obey(type, payload);
  }
} catch (error) {
  const message: FailedMessage = { reason: reasonOf(error), message: describeFailure(error) };
  writeJson(FromChild.failed, message);
  deno.exit(1);
}

/** Loads whatever a boot does: what Pyodide imports by itself only then is named here. */
async function loadOnly(): Promise<never> {
  await Promise.all([importPyodide(settings.pyodideDirectory), import("node:module"), import("node:vm"), import("node:tty")]);
  return deno.exit(0);
}

function reasonOf(error: unknown): FailedMessage["reason"] {
  if (error instanceof SetupError) return "setup_failed";
  return error instanceof SnapshotRefusedError ? "snapshot_refused" : "fatal";
}

/** The parts of a chain are garbage once restored: 20 MB and more that would stay for the life of the session. Needs --expose-gc. */
function collectGarbage(): void {
  (globalThis as { gc?: () => void }).gc?.();
}

/** Whatever needs no image is done before the command is read: a process that was started ahead has two thirds of a boot behind it. */
async function restore(): Promise<void> {
  sandbox = await Sandbox.restored(settings, compiled, () => {
    const { type, payload } = readFrame();
    if (type !== ToChild.restore) throw new Error(`command ${type} came before a restore`);
    return partsOf(payload);
  });
  writeFrame(FromChild.ready, new Uint8Array(0));
  collectGarbage();
}

async function obey(type: number, payload: Uint8Array): Promise<void> {
  if (type === ToChild.boot) {
    sandbox = await Sandbox.cold(settings, compiled, parse(payload) as BootCommand);
    capture();
  } else if (type === ToChild.begin) {
    const descriptions = await started().begin(parse(payload) as BeginCommand);
    writeFrame(FromChild.variables, new TextEncoder().encode(descriptions));
    capture();
  } else if (type === ToChild.execute) {
    execute(parse(payload) as ExecuteCommand);
  } else if (type === ToChild.image) {
    capture({ aside: true });
  } else throw new Error(`unknown command ${type}`);
}

function execute(command: ExecuteCommand): void {
  const startedMs = processMs();
  const { resultJson, divergedAtSeq, tailReads, waitedMs } = started().runCell(command);
  const cellMs = processMs() - startedMs - waitedMs;
  writeFrame(FromChild.cell, new TextEncoder().encode(resultJson));
  capture({ cellMs, divergedAtSeq, tailReads });
}

interface Capture {
  readonly aside?: boolean;
  readonly cellMs?: number;
  readonly divergedAtSeq?: number | null;
  readonly tailReads?: CapturedMessage["tailReads"];
}

/** Says first what there is to say, then compresses: the host need not wait for that. */
function capture({ aside = false, cellMs = 0, divergedAtSeq = null, tailReads = [] }: Capture = {}): void {
  const startedMs = processMs();
  const part = started().capture({ aside });
  const { keptParts, changedPages, header, pages } = part;
  const message: CapturedMessage = { keptParts, cellMs, captureMs: processMs() - startedMs, heapBytes: header.heapBytes, dirtyPages: changedPages, pagesToWrite: pages.length, divergedAtSeq, tailReads };
  writeJson(FromChild.captured, message);
  writeFrame(FromChild.snapshot, started().writePart(part));
}

function started(): Sandbox {
  if (sandbox === null) throw new Error("a command came before boot or restore");
  return sandbox;
}

function parse(payload: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(payload));
}

function partsOf(payload: Uint8Array): Uint8Array[] {
  const { head, body } = splitHead(payload);
  let at = 0;
  return (head as RestoreCommand).partBytes.map((length) => body.subarray(at, (at += length)));
}
