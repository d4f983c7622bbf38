import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";

const MAX_LINES = 200;

const sources = ["src", "workflows", "activities", "worker", "examples"].flatMap((folder) =>
  readdirSync(path.join(packageRoot(), folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|js|py|wat)$/.test(name))
    .map((name) => `${folder}/${name}`));

const lineCount = (file: string): number => readFileSync(path.join(packageRoot(), file), "utf8").split("\n").length - 1;

it(`keeps every source file within ${MAX_LINES} lines`, () => {
  expect(sources.map((file) => `${file}: ${lineCount(file)}`).filter((each) => Number(each.split(": ")[1]) > MAX_LINES)).toEqual([]);
});

it("has no barrel inside src but the entries of the package", () => {
  expect(sources.filter((file) => /^src\/.*\/index\.ts$/.test(file))).toEqual(["src/api/index.ts", "src/testing/index.ts"]);
});
