import { expect, it } from "vitest";
import { z } from "zod";
import { tool } from "../../src/tools/define-tool.js";
import type { ToolOptions } from "../../src/tools/tool.js";

const order: ToolOptions = { name: "order", description: "An order by its number.", run: () => null };

it.each<[string, Partial<ToolOptions>, string]>([
  ["a name of the sandbox", { name: "ToolError" }, "`ToolError` is a name of the sandbox."],
  ["a Python keyword", { name: "class" }, "`class` is a Python keyword."],
  ["no description", { description: " " }, "The tool `order` has no description"],
  ["a time limit that is no number", { timeoutMs: Number.NaN }, "The tool `order` has timeoutMs NaN; it must be a whole number"],
  ["a parameter that is a Python keyword", { parameters: z.object({ from: z.string() }) }, "The parameter `from` of tool `order` is a Python keyword. Choose another name, for example `from_`."],
  ["a parameter that is no Python name", { parameters: z.object({ "first-name": z.string() }) }, "The parameter `first-name` of tool `order` is not a Python name."],
  ["a parameter that JSON cannot give", { parameters: z.object({ since: z.date().optional() }) }, "z.date(), which no argument can be: they travel as JSON. Write z.coerce.date() or z.iso.date()."],
])("a tool with %s is refused when it is made", (_what, change, message) => {
  expect(() => tool({ ...order, ...change })).toThrow(message);
});

it("a parameter may be coerced from what JSON gives", async () => {
  const { parse } = tool({ ...order, parameters: z.object({ since: z.coerce.date() }) });
  expect(await parse({ since: "2026-01-31" })).toEqual({ since: new Date("2026-01-31") });
});
