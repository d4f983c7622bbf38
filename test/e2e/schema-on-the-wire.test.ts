import { expect, it } from "vitest";
import type { ModelSettings } from "../../src/core/model-settings.js";
import type { ScriptedRequest } from "../../src/testing/index.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const CELL = `person = llm_query("who?", schema={"name": str, "age?": int})
n = llm_query("how many?", schema="int")
SUBMIT(answer=f"{person['name']} {n}")`;

/** Sub-calls answer with an object around the value only where a schema was sent. */
async function run(settings: ModelSettings): Promise<{ readonly sent: readonly ScriptedRequest[]; readonly answer: unknown }> {
  const sent: ScriptedRequest[] = [];
  cluster.script([CELL], {
    reply(request) {
      sent.push(request);
      const value = request.last.startsWith("who?") ? { name: "Ada" } : 36;
      return JSON.stringify(request.responseSchema === null ? value : { value });
    },
  });
  const result = await cluster.run({ signature: "-> answer: str", models: { settings: { "scripted-sub": settings } } });
  return { sent, answer: result.outputs?.["answer"] };
}

it.each(["chat", "responses"] as const)("sends the JSON Schema of schema= to a server that keeps to one (%s), and takes the value out of its object", async (wire) => {
  const { sent, answer } = await run({ wire, capabilities: { jsonSchema: true } });
  expect(answer).toBe("Ada 36");
  expect(sent.map(({ responseSchema }) => responseSchema)).toMatchObject([
    { type: "object", required: ["value"], properties: { value: { type: "object", required: ["name"], properties: { name: { type: "string" }, age: { type: "integer" } } } } },
    { type: "object", required: ["value"], properties: { value: { type: "integer" } } },
  ]);
  expect(sent[0]?.last).toContain('{"value": …}');
});

it("sends no schema to a server that is not known to keep to one", async () => {
  const { sent, answer } = await run({});
  expect(answer).toBe("Ada 36");
  expect(sent.map(({ responseSchema }) => responseSchema)).toEqual([null, null]);
  expect(sent[0]?.last).not.toContain('{"value"');
});
