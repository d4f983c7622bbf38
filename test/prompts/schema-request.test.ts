import { expect, it } from "vitest";
import type { TypeSpec } from "../../src/core/signature.js";
import { renderSchemaFaults, renderSchemaRequest } from "../../src/prompts/render-schema-request.js";

const person: TypeSpec = {
  kind: "list",
  item: {
    kind: "object",
    fields: [
      { name: "name", type: { kind: "str" }, description: "as written in the text" },
      { name: "born", type: { kind: "date" }, optional: true },
      { name: "role", type: { kind: "literal", values: ["author", "editor"] } },
    ],
  },
};

it("asks for a value of a schema with exactly these words, and says so when it does not fit", async () => {
  const asked = [renderSchemaRequest(person, false), renderSchemaRequest(person, true), renderSchemaFaults(["[0].role: expected 'author' | 'editor', got 'reader'"])];
  await expect(asked.join("\n\n---\n\n")).toMatchFileSnapshot("snapshots/schema-request.txt");
});
