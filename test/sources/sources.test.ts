import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseInputArgument } from "../../src/client/inputs/input-source.js";
import { prepareInputs } from "../../src/client/inputs/prepare-inputs.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { expandWindow } from "../../src/sources/expand-window.js";
import { findGlob } from "../../src/sources/glob.js";
import { Redaction } from "../../src/sources/redaction.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";

/** `printf end | zstd -19 --check`. */
const ZST = { frame: "KLUv/QRoGQAAZW5kYgnnXg==", text: "end" };

const store = new MemoryBlobStore();
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(os.tmpdir(), "rlm-sources-"));
  await mkdir(path.join(home, "logs/web/deep"), { recursive: true });
  const files = { "logs/a.log": "A", "logs/b.txt": "B \"quoted\"\n", "logs/.hidden": "no", "logs/web/c.log.gz": gzipSync("C"), "logs/web/deep/d.log": Buffer.from([0xe2, 0x82, 0xac, 0xff]) };
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(home, name), content);
  await symlink(path.join(home, "logs/a.log"), path.join(home, "logs/web/link.log"));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function prepare(signature: string, argument: string, redact: readonly string[] = []) {
  const { inputs: [input], warnings } = await prepareInputs({ store, signature: parseSignature(signature), given: [parseInputArgument(argument)], redaction: Redaction.of(redact) });
  return { input, warnings, content: Buffer.from(await store.get(input?.ref.digest ?? "")).toString("utf8") };
}

it("makes a directory a dict of texts: at any depth, without hidden files, opened, sorted by name", async () => {
  for (const type of ["logs", "logs: dict[str, str]"]) {
    const { input, content, warnings } = await prepare(`${type} -> a`, `logs=@${home}/logs`);
    expect(input).toMatchObject({ kind: "json" });
    expect(Object.entries(JSON.parse(content) as object)).toEqual([["a.log", "A"], ["b.txt", "B \"quoted\"\n"], ["web/c.log.gz", "C"], ["web/deep/d.log", "€\uFFFD"], ["web/link.log", "A"]]);
    expect(warnings).toEqual([expect.stringContaining("1 faulty byte")]);
  }
});

it.each([
  ["logs/*.log", ["a.log"]], ["logs/*.{log,txt}", ["a.log", "b.txt"]], ["logs/**/*.log", ["a.log", "web/deep/d.log", "web/link.log"]], ["logs/web/**", ["c.log.gz", "deep/d.log", "link.log"]],
  ["logs/[!a].*", ["b.txt"]], ["logs/?.log", ["a.log"]], ["logs/.h*", [".hidden"]], ["log?/*/c*", ["logs/web/c.log.gz"]], ["logs/*+", []],
])("finds for %s the files %j", async (pattern, names) => {
  expect((await findGlob(pattern, home)).map(({ name }) => name)).toEqual(names);
});

it.each([
  ["logs: int -> a", "logs=@HOME/logs", "is 5 files, which become a dict of texts"],
  ["logs -> a", "logs=@b:HOME/logs", "is 5 files"],
  ["logs -> a", "logs=@HOME/*.none", "names no files"],
  ["logs -> a", "logs=@HOME/none", "there is no such file"],
  ["logs -> a", "logs=@ftp://host/x", "ftp://… cannot be read from"],
])("refuses %s with %s", async (signature, argument, message) => {
  await expect(prepare(signature, argument.replace("HOME", home))).rejects.toThrow(message);
});

it("opens .zst of several frames, and tells of one that is cut off", async () => {
  const frame = Buffer.from(ZST.frame, "base64");
  await writeFile(path.join(home, "x.zst"), Buffer.concat([frame, frame]));
  expect((await prepare("x -> a", `x=@${home}/x.zst`)).content).toBe(ZST.text.repeat(2));
  await writeFile(path.join(home, "cut.zst"), frame.subarray(0, 9));
  await expect(prepare("x -> a", `x=@${home}/cut.zst`)).rejects.toThrow(/cut\.zst cannot be read to its end/);
});

it("redacts texts, values, JSON and files on the way, and counts; bytes and names that match are refused", async () => {
  await writeFile(path.join(home, "secret.log"), "card 4111111111111111 of a\n");
  const patterns = ["\\d{16}", "/OF A/i"];
  expect(await prepare("x -> a", `x=@${home}/secret.log`, patterns)).toMatchObject({ content: "card [REDACTED] [REDACTED]\n", input: { redacted: 2 }, warnings: ["Input `x`: 2 places redacted."] });
  expect((await prepare("x -> a", "x=4111111111111111!", patterns)).content).toBe("[REDACTED]!");
  expect((await prepare("x: dict -> a", "x:={\"k\":[\"no 4111111111111111\",4111111111111111,12345678901234567890.5]}", ["\\d{16}\\b"])).content).toBe("{\"k\":[\"no [REDACTED]\",\"[REDACTED]\",\"1234[REDACTED].5\"]}");
  expect(JSON.parse((await prepare("x -> a", `x=@${home}/secret*`, patterns)).content)).toEqual({ "secret.log": "card [REDACTED] [REDACTED]\n" });
  await expect(prepare("x -> a", `x=@b:${home}/secret.log`, patterns)).rejects.toThrow("is bytes, which patterns cannot redact");
  await expect(prepare("x: dict -> a", "x:={\"4111111111111111\":1}", patterns)).rejects.toThrow("the name of a member matches");
  for (const wrong of ["(", "a*"]) expect(() => Redaction.of([wrong])).toThrow(/pattern to redact/);
});

it.each([
  ["2026-03-29T00:30:00Z", "{yyyy}-{MM}-{dd} {HH}:{mm}", "Europe/Berlin", "2026-03-29 01:30"],
  ["2026-03-29T01:30:00Z", "{HH}:{mm} {HH-1h} {dd-1d}", "Europe/Berlin", "03:30 01 28"],
  ["2026-10-25T00:30:00Z", "{HH}:{mm}", "Europe/Berlin", "02:30"],
  ["2026-10-25T01:30:00Z", "{HH}:{mm} {HH-1h}", "Europe/Berlin", "02:30 02"],
  ["2026-10-25T22:30:00Z", "{dd} {dd-1d} {HH-24h}", "Europe/Berlin", "25 24 00"],
  ["2026-03-01T02:00:00Z", "{yyyy-1d}/{MM-1d}/{dd-1d}.{gz,zst}", "UTC", "2026/02/28.{gz,zst}"],
  ["2026-01-01T02:00:00Z", "{yyyy-1d}{MM-1d}{dd-1d}", "America/New_York", "20251230"],
  ["2026-11-22T00:00:00Z", "{HH}", "UTC", "00"],
])("writes %s into %s in %s", (instant, template, zone, expected) => {
  expect(expandWindow(template, Date.parse(instant), zone)).toBe(expected);
});

it("refuses parts and time zones that there are not", () => {
  expect(() => expandWindow("{YYYY}", 0, "UTC")).toThrow("{YYYY} is no part of a time window");
  expect(() => expandWindow("{dd}", 0, "Mars/Olympus")).toThrow("is not a time zone");
});
