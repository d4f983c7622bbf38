import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const TEST_DIRECTORY = fileURLToPath(new URL("..", import.meta.url));
/** How many behaviours of each kind there are. */
const COUNTS: Readonly<Record<string, number>> = { M: 4, R: 79, D: 34, P: 106, C: 2, S: 13, K: 8, F: 1, W: 26 };

const table = readFileSync(new URL("../../docs/dspy-parity.md", import.meta.url), "utf8");
const rows = [...table.matchAll(/^\| ((?:[MRDPCSKFW]\d+ ?)+) \| (.+?) \| (.+) \|$/gm)].map(([, ids = "", , here = ""]) => ({ ids: ids.trim().split(" "), here }));

it("the table of parity has every behaviour once", () => {
  const all = Object.entries(COUNTS).flatMap(([kind, count]) => Array.from({ length: count }, (_, index) => `${kind}${index + 1}`));
  expect(rows.flatMap(({ ids }) => ids).toSorted()).toEqual(all.toSorted());
});

it("every row of the table names a test that exists, or says why we differ", () => {
  const titles = testTitles();
  const faults = rows.flatMap(({ ids, here }) => {
    const differs = /^Differs: .{20,}/.test(here);
    const named = [...here.matchAll(/`([^`]{12,}|[a-z-]+\/[a-z-]+)`/g)].map(([, title = ""]) => title).filter((title) => !differs || titles.has(title) || title.includes(" "));
    const unknown = named.filter((title) => !titles.has(title)).map((title) => `${ids.join(" ")}: there is no test "${title}"`);
    return differs || named.length > 0 ? unknown : [`${ids.join(" ")}: neither test nor reason`];
  });
  expect(faults).toEqual([]);
});

/** First arguments of `it` and `test` calls in all test files, and `group/name` of the conformance cases. */
function testTitles(): ReadonlySet<string> {
  const files = readdirSync(TEST_DIRECTORY, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".test.ts")).map((file) => readFileSync(path.join(TEST_DIRECTORY, file), "utf8"));
  const titles = sources.flatMap((source) => [...source.matchAll(/(?:\b(?:it|test)|\))\(\s*"((?:[^"\\]|\\.)+)"/g)].map(([, title = ""]) => title.replaceAll('\\"', '"')));
  const cases = ["cells.json", "more-cells.json", "neighbour-cells.json", "runs.json", "more-runs.json"].flatMap((file) => JSON.parse(readFileSync(new URL(`data/${file}`, import.meta.url), "utf8")) as { group: string; name: string }[]);
  return new Set([...titles, ...cases.map(({ group, name }) => `${group}/${name}`)]);
}
