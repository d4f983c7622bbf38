import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { lines } from "../../src/batch/lines.js";
import { ResultsFile } from "../../src/batch/results-file.js";
import { tempDir } from "../helpers/temp-dir.js";

const idOf = (line: object): string | null => (line as { id?: string }).id ?? null;

it("adds every row once, over openings, and mends a last line that was cut", async () => {
  const file = path.join(await tempDir(), "out.jsonl");
  await writeFile(file, "{\"id\":\"a\",\"t\":\"\u2028\"}\n{\"id\":\"b\"}\n{\"id\":\"c");
  await using results = await ResultsFile.open(file, idOf);
  await results.append(["a", "c", "d"].map((key) => ({ key, text: JSON.stringify({ id: key }) })));
  await results.append([{ key: "d", text: "{}" }]);
  expect((await readFile(file, "utf8")).split("\n").slice(1)).toEqual(["{\"id\":\"b\"}", "{\"id\":\"c\"}", "{\"id\":\"d\"}", ""]);
});

it("leaves a file alone that is none of ours", async () => {
  const file = path.join(await tempDir(), "notes.txt");
  await writeFile(file, "my notes\nmore\n");
  await expect(ResultsFile.open(file, idOf)).rejects.toThrow("holds a line that is no result of a batch (at byte 0)");
  expect(await readFile(file, "utf8")).toBe("my notes\nmore\n");
});

it("finds lines that are cut anywhere by the chunks", async () => {
  const bytes = Buffer.from("é1\r\n\n{\"x\":\"\u2028\"}\nend", "utf8");
  for (const size of [1, 2, 3, 100]) {
    async function* chunks(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    const found: string[] = [];
    for await (const { text } of lines(chunks())) found.push(text);
    expect(found).toEqual(["é1", "", "{\"x\":\"\u2028\"}", "end"]);
  }
});
