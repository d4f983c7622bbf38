import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";
import { outsidePackage } from "../api/outside-package.js";
import { MISTAKE_CASES } from "../signature/fixtures/mistake-cases.js";
import { TYPE_CASES } from "../signature/fixtures/type-cases.js";

const guide = (name: string): string => path.join(packageRoot(), "docs", "guide", name);
const PAGES = [...readdirSync(path.join(packageRoot(), "docs", "guide")), "../../README.md"];

const code = (text: string): string => `\`${text.replaceAll("|", "\\|")}\``;

const TYPES = ["| written | in TypeScript | |", "|---|---|---|", ...TYPE_CASES.filter(({ documented }) => documented).map(({ spellings, typescript, note = "" }) => `| ${spellings.map(code).join(", ")} | ${code(typescript)} | ${note} |`)];

const MISTAKES = ["| text | column | the compiler's message |", "|---|---|---|", ...MISTAKE_CASES.filter(({ documented }) => documented).map(({ text, column, compiler }) => `| ${code(text)} | ${column} | ${compiler.replaceAll("|", "\\|")} |`)];

const replaceTable = (page: string, name: string, rows: readonly string[]): string => page.replace(new RegExp(`(<!-- ${name}: [^\\n]*-->\\n)[^]*?(<!-- end -->)`), (_whole, begin: string, end: string) => `${begin}${rows.join("\n")}\n${end}`);

it("documents the types and mistakes of the very cases that the parsers are tested with", async () => {
  const page = readFileSync(guide("signatures.md"), "utf8");
  const written = replaceTable(replaceTable(page, "types", TYPES), "mistakes", MISTAKES);
  expect(written).toContain(TYPES.at(-1));
  await expect(written).toMatchFileSnapshot(guide("signatures.md"));
});

it("compiles every TypeScript block of the guide and the README as a program outside would be", async () => {
  const blocks = PAGES.flatMap((page) => [...readFileSync(guide(page), "utf8").matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = ""], at) => [`${path.basename(page, ".md")}-${at + 1}.ts`, block] as const));
  expect(blocks.length).toBeGreaterThanOrEqual(12);
  const program = await outsidePackage(Object.fromEntries(blocks));
  expect(program.compile()).toBe("");
}, 120_000);
