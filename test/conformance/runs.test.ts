import { stringify } from "lossless-json";
import { describe, expect, test } from "vitest";
import { prepareInputs } from "../../src/client/inputs/prepare-inputs.js";
import { readTrajectory } from "../../src/client/read-trajectory.js";
import { parseSignature } from "../../src/signature/parse-signature.js";
import { SignatureError } from "../../src/signature/signature-error.js";
import { Redaction } from "../../src/sources/redaction.js";
import { MemoryBlobStore } from "../../src/store/memory-blob-store.js";
import { clusterForFile } from "../helpers/cluster-for-file.js";
import type { TestWorker } from "../helpers/test-worker.js";
import { ToolDefinitionError } from "../../src/tools/errors.js";
import { toolSpecs } from "../../src/tools/tool-specs.js";
import { caseTools } from "./case-tool.js";
import { loadRunCases, rulesOf, type Mentions, type RunCase } from "./run-case.js";

const cluster = await clusterForFile();
await cluster.startWorker();

const cases = [...loadRunCases("runs.json"), ...loadRunCases("more-runs.json")];

describe.each([...new Set(cases.map(({ group }) => group))])("%s", (group) => {
  test.each(cases.filter((runCase) => runCase.group === group))("$name", async (runCase) => {
    expect.hasAssertions();
    if (runCase.expect.stop === "error") await expectRefusal(runCase);
    else await expectRun(runCase);
  });
});

function disposable(worker: TestWorker): AsyncDisposable {
  return { [Symbol.asyncDispose]: () => worker.kill() };
}

/** Found at the door: nothing was asked. */
async function expectRefusal({ signature, inputs, tools = [], expect: expected }: RunCase): Promise<void> {
  cluster.model.reset();
  const parsed = async (): Promise<unknown> => {
    const given = Object.entries(inputs).map(([name, value]) => ({ name, source: { from: "json" as const, text: stringify(value) ?? "null" } }));
    return prepareInputs({ store: new MemoryBlobStore(), signature: parseSignature(signature), given, redaction: Redaction.of([]), stdin: process.stdin });
  };
  const withTools = async (): Promise<unknown> => toolSpecs((await caseTools(cluster.home, tools)).tools, Object.keys(inputs));
  if (tools.length > 0) await expect(withTools()).rejects.toThrow(ToolDefinitionError);
  else if (expected.at === "construction") expect(() => parseSignature(signature)).toThrow(SignatureError);
  await expect(tools.length > 0 ? withTools() : parsed()).rejects.toThrow(expected.error_contains ?? /./);
  expect(cluster.model.ledger()).toHaveLength(Number(expected.root_calls ?? 0));
}

async function expectRun(runCase: RunCase): Promise<void> {
  const { signature, inputs, options, expect: expected } = runCase;
  const prompts: string[] = [];
  cluster.model.reset();
  cluster.model.setRules(
    rulesOf(runCase).map((rule) => ({
      ...rule,
      ...(rule.name === "root" && { reply: async (request) => (prompts[request.turn - 1] = request.messages.map(({ text }) => text).join("\n"), typeof rule.reply === "function" ? rule.reply(request) : (rule.reply ?? "")) }),
    })),
  );
  const tools = runCase.tools && (await caseTools(cluster.home, runCase.tools));
  await using _hosted = tools && disposable(await cluster.startToolWorker(tools));
  const { max_iters: maxIterations, max_llm_calls: maxLlmCalls, max_output_chars: maxOutputChars } = options;
  const id = await cluster.start({
    signature,
    ...(tools && { tools }),
    json: Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, stringify(value) ?? "null"])),
    limits: {
      ...(maxIterations && { maxIterations: Number(maxIterations) }),
      ...(maxLlmCalls && { maxLlmCalls: Number(maxLlmCalls) }),
      ...(maxOutputChars && { maxOutputChars: Number(maxOutputChars) }),
    },
  });
  const result = await cluster.result(id);
  const { turns } = await readTrajectory(cluster.client, id);
  expect(result.status).toBe(expected.stop === "extract" ? "degraded" : "answered");
  if (expected.outputs !== undefined) expect(stringify(result.outputs)).toBe(stringify(expected.outputs));
  if (expected.turns !== undefined) expect(result.turns).toBe(Number(expected.turns));
  for (const [index, { contains, equals }] of (expected.observations ?? []).entries()) {
    if (contains !== undefined) expect(turns[index]?.observation).toContain(contains);
    if (equals !== undefined) expect(turns[index]?.observation).toBe(equals);
  }
  expectMentions(prompts[0], expected.first_prompt ?? {});
  // What a tool is called and what it takes is what a model must know of it.
  expectMentions(prompts[0], { contains: (runCase.tools ?? []).flatMap(({ name, params }) => [`${name}(${params.map((param) => `${param.name}: ${param.type ?? "Any"}`).join(", ")})`]) });
  for (const { turn, ...mentions } of expected.prompt_after ?? []) expectMentions(prompts[Number(turn)], mentions);
}

function expectMentions(prompt: string | undefined, { contains = [], not_contains = [] }: Mentions): void {
  for (const either of contains) expect(either.split("|").some((part) => prompt?.includes(part)), either.slice(0, 200)).toBe(true);
  for (const part of not_contains) expect(prompt).not.toContain(part);
}
