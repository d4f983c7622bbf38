import { expect, test } from "vitest";
import { answerTo, finished, SandboxFixture, suspended, promptOf } from "./sandbox-fixture.js";

test("started tasks, sources of earlier cells, streams and the pool of calls live on in another process", async () => {
  await using fixture = await SandboxFixture.open();
  const chain = await fixture.begin();
  await chain.run("import asyncio, logging\nlog = logging.StreamHandler()\nasync def ask(p):\n    await asyncio.sleep(1)\n    return await llm_query(p)\ntask = asyncio.create_task(ask('later'))\nawait asyncio.sleep(0)\ndef fail():\n    return 1 / 0");
  await chain.session[Symbol.asyncDispose]();

  const restored = await fixture.reopen(chain);
  const budget = { turn: 2, maxIterations: 10, llmCallsUsed: 0, maxLlmCalls: 50, tokensLeft: null, usdLeft: null, msLeft: null };
  const step = suspended(await restored.execute("both = await asyncio.gather(task, llm_query_async('now'))\nlog.stream.write('logged ')\nprint(both, budget()['llm_calls_used'])\nfail()", { budget }));
  expect(step.request.calls.map(promptOf)).toEqual(["now"]);
  const last = suspended(await restored.resume(answerTo(step)));
  expect(last.request.calls.map(promptOf)).toEqual(["later"]);
  const { result } = finished(await restored.resume(answerTo(last, 2)));
  expect(result.output.head).toBe("logged ['re: later', 're: now'] 2\n");
  expect(result.error?.traceback.head).toContain('File "<cell 1>", line 9, in fail\n    return 1 / 0');
});
