import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import type { createProgram as createProgramOf } from "../../src/cli/program.js";
import { compiledProgram, packageRoot } from "../../src/stack/package-files.js";
import { commandLines, shellWords } from "../helpers/shell-commands.js";
import { openCellSession } from "../helpers/cell-session.js";

const GUIDE = path.join(packageRoot(), "docs", "guide");
const pages = [...readdirSync(GUIDE).map((name) => path.join(GUIDE, name)), path.join(packageRoot(), "README.md")];

/** Texts of prompts, with blocks of their own. */
const QUOTED = /^~~~~text\n[^]*?^~~~~$/gm;

const blocks = (language: string): readonly (readonly [page: string, block: string])[] =>
  pages.flatMap((page) => [...readFileSync(page, "utf8").replaceAll(QUOTED, "").matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, "gm"))].map(([, block = ""]) => [path.basename(page), block] as const));

const commands = blocks("sh").flatMap(([page, block]) =>
  commandLines(block).map((line) => [page, line] as const));

it("finds commands in the guide and the README", () => expect(commands.length).toBeGreaterThanOrEqual(7));

it.each(commands)("%s: the program knows the command and all its options: %s", async (_page, line) => {
  // The compiled one: it looks for its package.json beside `dist`.
  const { createProgram } = (await import(pathToFileURL(compiledProgram("src/cli/program.js")).href)) as { readonly createProgram: typeof createProgramOf };
  const acted: string[] = [];
  const program = createProgram(async () => void acted.push(line));
  await program.parseAsync(shellWords(line).slice(1), { from: "user" });
  expect(acted).toEqual([line]);
});

/** budgets.md has a test of its own, which also looks at what its cells do. */
const cells = blocks("python").filter(([page]) => page !== "budgets.md");

it.each(cells)("%s: Python takes this block: %s", async (_page, block) => {
  await using session = await openCellSession({ maxLlmCalls: 100 });
  // What runs elsewhere (dspy) is read, not run.
  const { error } = await session.run(block.includes("dspy.") ? `compile(${JSON.stringify(block)}, "block", "exec")` : block);
  expect(error).toBeNull();
});
