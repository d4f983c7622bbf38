import { describe, expect, it } from "vitest";
import { FromChild, withHead } from "../../src/repl/child/protocol.js";
import { FrameParser } from "../../src/repl/frame-parser.js";
import { SandboxProcess } from "../../src/repl/sandbox-process.js";
import { SandboxSession } from "../../src/repl/sandbox-session.js";
import { SessionDirectory } from "../../src/repl/session-directory.js";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUDGET } from "./sandbox-fixture.js";

const reopen = (): Promise<never> => Promise.reject(new Error("A forged session is not forked."));

function frame(type: number, payload: string | Uint8Array): Buffer {
  const body = Buffer.from(payload);
  const header = Buffer.alloc(5);
  header.writeUInt32LE(body.length, 0);
  header.writeUInt8(type, 4);
  return Buffer.concat([header, body]);
}

describe("FrameParser", () => {
  it("cuts frames out of chunks of any size", () => {
    const stream = Buffer.concat([frame(1, "alpha"), frame(2, ""), frame(1, "b".repeat(1000))]);
    for (const size of [1, 3, 7, 5000]) {
      const parser = new FrameParser();
      const seen: string[] = [];
      for (let at = 0; at < stream.length; at += size) {
        parser.add(stream.subarray(at, at + size));
        for (let next = parser.read({ 1: 1000, 2: 0 }); next !== null; next = parser.read({ 1: 1000, 2: 0 })) seen.push(`${next.type}:${next.payload.toString()}`);
      }
      expect(seen).toEqual(["1:alpha", "2:", `1:${"b".repeat(1000)}`]);
    }
  });

  it("refuses a frame by its header alone, when its type or its length is not acceptable", () => {
    const unexpected = new FrameParser();
    unexpected.add(frame(9, "x"));
    expect(() => unexpected.read({ 1: 10 })).toThrow("a frame of type 9 was not expected");
    const long = new FrameParser();
    long.add(frame(1, "12345678901").subarray(0, 5));
    expect(() => long.read({ 1: 10 })).toThrow("a frame of type 1 announces 11 bytes; at most 10 are allowed");
  });
});

/** A session whose child is a program that writes these bytes once it was asked something. */
async function forged(bytes: Buffer): Promise<SandboxSession & { directoryRoot: string }> {
  const root = mkdtempSync(join(tmpdir(), "rlm-forged-"));
  const answer = join(root, "answer");
  writeFileSync(answer, bytes);
  const program = `process.stdin.once("data", () => process.stdout.write(require("fs").readFileSync(process.argv[1]))); setInterval(() => {}, 1000)`;
  const child = await SandboxProcess.start({ file: process.execPath, args: ["-e", program, answer], env: {} });
  const session = new SandboxSession({ process: child, directory: new SessionDirectory(join(root, "sessions")), memoryLimitBytes: 2 ** 20, graceMs: 5000, reopen });
  return Object.assign(session, { directoryRoot: root });
}

const CELL = '{"output":{"head":"","tail":"","chars":0},"value":null,"error":null,"submit":null,"changed":[],"restored":[]}';
const CAPTURED = '{"keptParts":0,"cellMs":1,"captureMs":1,"heapBytes":1,"dirtyPages":1,"pagesToWrite":1,"divergedAtSeq":null,"tailReads":[]}';

describe("a sandbox that lies", () => {
  const ready = frame(FromChild.ready, "");
  const request = (text: string, head: object = { seq: 0, reads: [], divergedAtSeq: null }): Buffer => frame(FromChild.suspended, Buffer.concat([withHead(head), Buffer.from(text)]));
  const good = '{"calls":[]}';

  it.each<[string, Buffer]>([
    ["garbage", Buffer.from("hello, I am not a frame at all")],
    ["a frame out of turn", frame(FromChild.snapshot, "")],
    ["a frame of four gigabytes", Buffer.from([0xff, 0xff, 0xff, 0xff, FromChild.cell])],
    ["a cell result that is not JSON", frame(FromChild.cell, "{")],
    ["a cell result of the wrong shape", frame(FromChild.cell, '{"output":{"head":1}}')],
    ["a host call of an unknown kind", request('{"calls":[{"kind":"shell"}]}')],
    ["a host call without prompts", request('{"calls":[{"kind":"llm","model":null}]}')],
    ["reads of the wrong type", request(good, { seq: 0, reads: [["date", "now"]], divergedAtSeq: null })],
    ["a negative sequence number", request(good, { seq: -1, reads: [], divergedAtSeq: null })],
    ["a head longer than its frame", frame(FromChild.suspended, Buffer.from([255, 255, 0, 0, 1]))],
    ["a suspension that no journal explains", request('{"calls":[{"kind":"llm","prompt":"x","model":null}]}', { seq: 7, reads: [], divergedAtSeq: null })],
    ["a divergence that lies ahead", request('{"calls":[{"kind":"llm","prompt":"x","model":null}]}', { seq: 0, reads: [], divergedAtSeq: 1 })],
    ["a suspension without calls", request(good)],
    ["more calls than one suspension may have", request(JSON.stringify({ calls: Array.from({ length: 20_001 }, () => ({ kind: "llm", prompt: "x", model: null })) }))],
    ["a read of a megabyte", request('{"calls":[{"kind":"llm","prompt":"x","model":null}]}', { seq: 0, reads: [["entropy", "x".repeat(1e6)]], divergedAtSeq: null })],
    ["a call nested a million deep", request(`{"calls":${"[".repeat(1e6)}${"]".repeat(1e6)}}`)],
    ["a prototype in the place of a result", frame(FromChild.cell, '{"__proto__":{"output":{"head":"","tail":"","chars":0}},"constructor":{"prototype":{"polluted":1}}}')],
    ["a snapshot that is none", Buffer.concat([frame(FromChild.cell, CELL), frame(FromChild.captured, CAPTURED), frame(FromChild.snapshot, "garbage")])],
    ["a snapshot of more parts than there are", Buffer.concat([frame(FromChild.cell, CELL), frame(FromChild.captured, CAPTURED.replace('"keptParts":0', '"keptParts":9'))])],
    ["an error of an unknown reason", frame(FromChild.failed, '{"reason":"please retry","message":""}')],
  ])("is killed for %s", async (_what, answer) => {
    const session = await forged(Buffer.concat([ready, answer]));
    await session.restore({ parts: [], inputs: [] });
    await expect(session.exec({ code: "1", budget: BUDGET, journal: [], cellTimeoutMs: 60_000 })).rejects.toMatchObject({ name: "SessionDiedError", reason: "protocol" });
    await session.exited;
    await session[Symbol.asyncDispose]();
    expect(readdirSync(join(session.directoryRoot, "sessions"))).toEqual([]);
    rmSync(session.directoryRoot, { recursive: true });
  });

  const call = '{"calls":[{"kind":"llm","prompt":"x","model":null}]}';
  const entry = { reads: [], requestHash: "h", outcome: { outcomes: [{ text: "y" }], llmCallsUsed: 1 } };

  it.each<[string, Buffer]>([
    ["skips suspensions that the journal does not have", request(call, { seq: 3, reads: [], divergedAtSeq: null })],
    ["says to differ behind the journal's end", request(call, { seq: 2, reads: [], divergedAtSeq: 3 })],
    ["says to differ later than where it is", request(call, { seq: 0, reads: [], divergedAtSeq: 1 })],
    ["ends with a result of nothing", frame(FromChild.captured, CAPTURED)],
    ["is ready once more", ready],
  ])("is killed when it replays a journal of two and %s", async (_what, answer) => {
    const session = await forged(Buffer.concat([ready, answer]));
    await session.restore({ parts: [], inputs: [] });
    await expect(session.exec({ code: "1", budget: BUDGET, journal: [entry, entry], cellTimeoutMs: 60_000 })).rejects.toMatchObject({ name: "SessionDiedError", reason: "protocol" });
    await session[Symbol.asyncDispose]();
    rmSync(session.directoryRoot, { recursive: true });
  });

  it("is killed when it repeats a suspension that it was given the answer of", async () => {
    const session = await forged(Buffer.concat([ready, request(call, { seq: 2, reads: [], divergedAtSeq: null }), request(call, { seq: 2, reads: [], divergedAtSeq: null })]));
    await session.restore({ parts: [], inputs: [] });
    expect(await session.exec({ code: "1", budget: BUDGET, journal: [entry, entry], cellTimeoutMs: 60_000 })).toMatchObject({ status: "suspended", seq: 2 });
    await expect(session.resume(entry.outcome)).rejects.toMatchObject({ name: "SessionDiedError", reason: "protocol" });
    await session[Symbol.asyncDispose]();
    rmSync(session.directoryRoot, { recursive: true });
  });

  it("dies by name when it exits silently, with its last words", async () => {
    const root = mkdtempSync(join(tmpdir(), "rlm-forged-"));
    const child = await SandboxProcess.start({ file: process.execPath, args: ["-e", "process.stderr.write('x'.repeat(1e6) + ' goodbye'); process.exitCode = 3"], env: {} });
    const session = new SandboxSession({ process: child, directory: new SessionDirectory(root), memoryLimitBytes: 2 ** 20, graceMs: 5000, reopen });
    await expect(session.restore({ parts: [], inputs: [] })).rejects.toMatchObject({ reason: "exited", message: expect.stringMatching(/exited with code 3\..*x goodbye$/) });
    await session[Symbol.asyncDispose]();
    rmSync(root, { recursive: true });
  });

  it("is killed when it floods its error stream", async () => {
    const child = await SandboxProcess.start({ file: process.execPath, args: ["-e", "const flood = () => process.stderr.write('x'.repeat(1e5), flood); flood()"], env: {} });
    await expect(child.next({}, 20_000)).rejects.toMatchObject({ reason: "protocol", message: expect.stringContaining("wrote more than 1048576 bytes to its error stream") });
    await child.exited;
  });

  it("costs the host no memory by half a frame, or by single bytes", async () => {
    const rssBefore = process.memoryUsage().rss;
    const program = `const header = Buffer.from([0, 0, 0, 0x40, ${FromChild.snapshot}]); process.stdout.write(header); let left = 20000; const drip = () => { if (left-- > 0) process.stdout.write("x", () => setImmediate(drip)); }; drip(); setInterval(() => {}, 1000)`;
    const child = await SandboxProcess.start({ file: process.execPath, args: ["-e", program], env: {} });
    await expect(child.next({ [FromChild.snapshot]: 2 ** 30 }, 1500)).rejects.toMatchObject({ reason: "timeout" });
    expect(process.memoryUsage().rss - rssBefore).toBeLessThan(64 * 2 ** 20);
    await child.exited;
  });

  it("refuses a second call while one runs", async () => {
    const session = await forged(ready);
    await session.restore({ parts: [], inputs: [] });
    const run = { code: "1", budget: BUDGET, journal: [], cellTimeoutMs: 60_000 };
    const first = session.exec(run).catch((error: unknown) => error);
    await expect(session.exec(run)).rejects.toThrow("This call needs a session that is idle; it is busy.");
    await session[Symbol.asyncDispose]();
    expect(await first).toMatchObject({ name: "SessionDiedError", reason: "killed", message: "The session was disposed of." });
    rmSync(session.directoryRoot, { recursive: true });
  });
});
