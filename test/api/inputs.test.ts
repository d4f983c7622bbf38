import { Readable } from "node:stream";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { z } from "zod";
import { blob, bytes, file, text } from "../../src/api/input-data.js";
import { toGivenInputs } from "../../src/api/given-inputs.js";
import { signature } from "../../src/api/signature.js";
import { InputError } from "../../src/client/errors.js";
import { prepareInputs } from "../../src/client/inputs/prepare-inputs.js";
import type { TypedSignature } from "../../src/signature/typed-signature.js";
import { Redaction } from "../../src/sources/redaction.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { tempDir } from "../helpers/temp-dir.js";

/** What Python would be given: kind and content by name. */
async function prepare(task: Pick<TypedSignature<object, object>, "spec" | "schemas">, inputs: object, store = new MemoryBlobStore()): Promise<Record<string, [string, string]>> {
  const prepared = await prepareInputs({ store, signature: task.spec, given: await toGivenInputs(task, inputs), redaction: Redaction.of([]) });
  const entries = prepared.inputs.map(async ({ name, kind, ref }) => [name, [kind, Buffer.from(await store.get(ref.digest)).toString("utf8")]] as const);
  return Object.fromEntries((await Promise.all(entries)).map(([name, [kind, content]]) => [name, [kind, content]]));
}

it("takes values as they are, integers exact at any size", async () => {
  const task = signature("a, b: int, c: list[int], d: dict, e?: str, f: any, g: float, h: Literal['x', 'y'] -> z");
  const given = { a: "text", b: 2n ** 70n, c: [1, 2n ** 64n], d: { x: null, y: undefined, z: [true] }, e: undefined, f: "also text", g: 3, h: "x" };
  expect(await prepare(task, given)).toEqual({
    a: ["text", "text"], b: ["json", "1180591620717411303424"], c: ["json", "[1,18446744073709551616]"], d: ["json", '{"x":null,"z":[true]}'], f: ["text", "also text"], g: ["json", "3.0"], h: ["json", '"x"'],
  });
});

it("takes files, streams of texts and bytes, bytes, and what is in the store", async () => {
  const directory = await tempDir();
  writeFileSync(path.join(directory, "a.txt"), "from a file");
  writeFileSync(path.join(directory, "b.json"), "[1, 2]");
  const store = new MemoryBlobStore();
  const ref = await store.put(Buffer.from("stored before"));
  const emoji = "\u{1F600}";
  const task = signature("a, b: list[int], c, d, e: bytes, f, g: bytes, h: int -> z");
  const given = {
    a: file(path.join(directory, "a.txt")), b: file(path.join(directory, "b.json"), { as: "json" }), c: text(Readable.from(["one ", emoji.slice(0, 1), `${emoji.slice(1)} two`])),
    d: text(Readable.from([Buffer.from("by"), Buffer.from("tes")])), e: bytes(Buffer.from("raw")), f: blob(ref), g: new Uint8Array([65]), h: text(Readable.from([" 12\n"])),
  };
  expect(await prepare(task, given, store)).toEqual({
    a: ["text", "from a file"], b: ["json", "[1, 2]"], c: ["text", `one ${emoji} two`], d: ["text", "bytes"], e: ["bytes", "raw"], f: ["text", "stored before"], g: ["bytes", "A"], h: ["json", "12"],
  });
});

it("checks values by the program's own schemas, and fills in their defaults", async () => {
  const task = signature({ inputs: { name: z.string().min(2), scale: z.number().default(10) }, outputs: { z: z.string() } });
  expect(await prepare(task, { name: "ab" })).toEqual({ name: ["text", "ab"], scale: ["json", "10.0"] });
  await expect(prepare(task, { name: "a" })).rejects.toThrow(/^Input name: /);
  await expect(prepare(task, {})).rejects.toThrow("Input `name` is missing");
});

const circle: unknown[] = [];
circle.push(circle);

it.each<[string, string, object, RegExp]>([
  ["a missing input", "a, b -> z", { a: "x" }, /Input `b` is missing/],
  ["an undeclared one", "logs -> z", { logs: "x", lgs: "y" }, /Input `lgs` is not declared/],
  ["another type", "n: int -> z", { n: "many" }, /Input n: expected int/],
  ["an item of another type", "n: list[int] -> z", { n: [1, "x"] }, /Input n\[1\]: expected int/],
  ["NaN", "n: any -> z", { n: { x: [Number.NaN] } }, /n\.x\[0\] is NaN, which JSON cannot hold/],
  ["a Date", "n: date -> z", { n: new Date(0) }, /n is a Date.*toISOString/],
  ["a Map", "n: dict -> z", { n: new Map() }, /Object\.fromEntries/],
  ["a Set", "n: list -> z", { n: [new Set()] }, /n\[0\] is a Set.*\[\.\.\.set\]/],
  ["a function", "n -> z", { n: () => 1 }, /n is a function/],
  ["a hole", "n: list -> z", { n: [1, undefined] }, /n\[1\] is undefined/],
  ["a circle", "n: any -> z", { n: circle }, /contains itself/],
  ["a promise", "n -> z", { n: Promise.resolve(1) }, /n is a Promise/],
  ["a file that is not there", "n -> z", { n: file("/no/such/file") }, /Input `n`.*no such file/],
  ["a blob that is not there", "n -> z", { n: blob({ digest: "0".repeat(64), bytes: 1 }) }, /Input `n`: the store holds no blob 000/],
])("refuses %s by the field's name, before anything is stored", async (_what, declared, inputs, message) => {
  const store = new MemoryBlobStore();
  const attempt = prepare(signature(declared), inputs, store);
  await expect(attempt).rejects.toThrow(InputError);
  await expect(attempt).rejects.toThrow(message);
});
