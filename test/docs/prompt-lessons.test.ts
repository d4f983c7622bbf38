import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { PACK_V1 } from "../../src/prompts/pack-v1.js";

const page = readFileSync(new URL("../../docs/guide/what-the-model-sees.md", import.meta.url), "utf8");
const [, section = ""] = page.split("## Why the prompt says what it says");
const rows = [...section.matchAll(/^\| (?!lesson|-)(.+?) \| (\w+) \| (.+) \|$/gm)].map(([, lesson = "", component = "", words = ""]) => ({ lesson, component, words }));

it("every lesson that the page names stands in the component of the pack that it names", () => {
  expect(rows.length).toBeGreaterThanOrEqual(15);
  const texts = new Map<string, string>(Object.entries(PACK_V1));
  expect(rows.filter(({ component, words }) => texts.get(component)?.includes(words) !== true)).toEqual([]);
});
