import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { removeStaleOutput } from "../../scripts/remove-stale-output.js";
import { tempDir } from "../helpers/temp-dir.js";

it("removes the output of deleted sources and nothing else", async () => {
  const root = await tempDir();
  const write = (file: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), "");
  };
  const current = ["dist/src/core/kept.js", "dist/src/core/kept.d.ts", "dist/workflow-bundle.js"];
  for (const file of ["src/core/kept.ts", ...current, "dist/src/core/gone.js", "dist/src/core/gone.d.ts", "dist/src/core/kept.js.map"]) write(file);

  expect(removeStaleOutput(root)).toEqual(["src/core/gone.d.ts", "src/core/gone.js", "src/core/kept.js.map"]);
  expect(current.every((file) => existsSync(path.join(root, file)))).toBe(true);
  expect(removeStaleOutput(root)).toEqual([]);
});
