import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPackagesFlag } from "../../../src/repl/packages/read-packages-flag.js";
import { tempDir } from "../../helpers/temp-dir.js";

it("means every wheel of a directory in the order of the names, or those that are named in the order given", async () => {
  const cwd = await tempDir();
  mkdirSync(join(cwd, "wheels"));
  for (const name of ["six-1.17.0-py2.py3-none-any.whl", "attrs-25.1.0-py3-none-any.whl", "README"]) writeFileSync(join(cwd, "wheels", name), "");
  const read = (value: string): unknown => JSON.parse(readPackagesFlag(value, cwd));
  expect(read("wheels/")).toEqual({ from: join(cwd, "wheels"), wheels: ["attrs-25.1.0-py3-none-any.whl", "six-1.17.0-py2.py3-none-any.whl"] });
  expect(read("./wheels/b.whl,a.whl#sha256=00")).toEqual({ from: join(cwd, "wheels"), wheels: ["b.whl", "a.whl#sha256=00"] });
  expect(read("a.whl")).toEqual({ from: cwd, wheels: ["a.whl"] });
  expect(read("https://example.com/w/b.whl#sha256=11,a.whl#sha256=00")).toEqual({ from: "https://example.com/w", wheels: ["b.whl#sha256=11", "a.whl#sha256=00"] });
});

it("says what to write instead of an empty directory, one that is not there, and a server without names", async () => {
  const cwd = await tempDir();
  expect(() => readPackagesFlag(".", cwd)).toThrow(`--packages .: there is no wheel (*.whl) in ${cwd}. Put the wheels there`);
  expect(() => readPackagesFlag("nowhere", cwd)).toThrow(/--packages nowhere: the directory .*nowhere cannot be read \(ENOENT.*Name a directory with wheels\./);
  expect(() => readPackagesFlag("https://example.com/w/", cwd)).toThrow("Name the wheels: https://example.com/w/A.whl#sha256=HEX,B.whl#sha256=HEX.");
});
