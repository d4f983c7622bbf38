import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startScriptedModelServer, type LedgerRow, type ScriptedRule } from "../../src/testing/index.js";
import { post, textOf, withRules } from "./http.js";

describe("rules of the scripted model server", () => {
  it("answers with the first rule whose conditions all hold", async () => {
    const rules: ScriptedRule[] = [
      { name: "both", when: { system: "REPL", last: /^Turn (\d+)/ }, reply: "both {{1}}" },
      { name: "system", when: { system: "REPL" }, reply: "system" },
      { name: "any", when: { any: "needle" }, reply: "any" },
      { name: "model", when: { model: "m", turn: [2, 3] }, reply: "turn {{turn}} of {{model}}" },
    ];
    await withRules(rules, async ({ url }) => {
      expect(await textOf(await post(url, [["system", "a REPL"], ["user", "Turn 7"]]))).toBe("both 7");
      expect(await textOf(await post(url, [["system", "a REPL"], ["user", "turn"]]))).toBe("system");
      expect(await textOf(await post(url, [["user", "a needle"], ["assistant", "x"], ["user", "b"]]))).toBe("any");
      expect(await textOf(await post(url, [["user", "a"], ["assistant", "x"], ["user", "b"]]))).toBe("turn 2 of m");
    });
  });

  it("refuses loudly what no rule matches, without repeating the prompt", async () => {
    await withRules([{ name: "root", when: { system: "REPL" }, reply: "x" }], async (server) => {
      const response = await post(server.url, [["user", "secret words"]]);
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([response.status, error.code]).toEqual([404, "no_rule"]);
      expect(error.message).toMatch(/^NO RULE .*request 1 \(model m, turn 1, last user message of 12 characters\)\. Rules: root\./);
      expect(server.stats()).toMatchObject({ unmatched: 1, failed: 1 });
      expect(server.ledger()).toMatchObject([{ rule: null, status: 404, lastUserTail: "secret words" }]);
    });
  });

  it("takes the default for what no rule matches", async () => {
    await using server = await startScriptedModelServer({ rules: [], default: { reply: "whatever" } });
    expect(await textOf(await post(server.url, [["user", "hi"]]))).toBe("whatever");
  });

  it("counts turns by the conversation, so that a repeated call gets the same turn", async () => {
    await withRules([{ name: "root", turns: ["one", (request) => `two of ${request.turn}`] }], async ({ url }) => {
      const second = [["user", "q"], ["assistant", "one"], ["user", "seen"]] as const;
      for (let again = 0; again < 3; again++) expect(await textOf(await post(url, [["user", "q"]]))).toBe("one");
      for (let again = 0; again < 2; again++) expect(await textOf(await post(url, second))).toBe("two of 2");
      const third = await post(url, [...second, ["assistant", "two"], ["user", "and?"]]);
      expect(await textOf(third)).toBe("404 script_ended");
    });
  });

  it("gives every request a nonce of its own, the same call sent again included", async () => {
    await withRules([{ name: "text", when: { last: "text" }, reply: "{{nonce}}" }, { name: "function", reply: (request) => request.nonce }], async ({ url }) => {
      const asked = ["text", "text", "function", "function"] as const;
      const texts = await Promise.all(asked.map(async (last) => textOf(await post(url, [["user", last]]))));
      expect(new Set(texts).size).toBe(4);
      expect(texts.every((text) => /^[0-9a-f]{16}$/.test(text))).toBe(true);
    });
  });

  it("answers 400 when a reply function throws, which nobody retries", async () => {
    const reply = (): string => {
      throw new Error("script bug");
    };
    await withRules([{ name: "root", reply }], async ({ url }) => expect(await textOf(await post(url, [["user", "x"]]))).toBe("400 script_failed"));
  });

  it("refuses rules without exactly one of reply and turns", async () => {
    await expect(startScriptedModelServer({ rules: [{ name: "root" }] })).rejects.toThrow('Scripted rule "root" must have exactly one of reply and turns.');
  });

  it("delays an answer by a time that is the same for the same request", async () => {
    await withRules([{ name: "slow", reply: "x", delayMs: [40, 80] }], async (server) => {
      for (let again = 0; again < 2; again++) await textOf(await post(server.url, [["user", "x"]]));
      for (const row of server.ledger()) expect((row.endedAtMs ?? 0) - row.startedAtMs).toBeGreaterThanOrEqual(38);
    });
  });
});

describe("the wire of the scripted model server", () => {
  it("streams chunks, a finish reason, the usage when it is asked for, and [DONE]", async () => {
    await withRules([{ name: "root", reply: "abcdef", chunkChars: 2, usage: { inputTokens: 9, cachedTokens: 4 } }], async ({ url }) => {
      const response = await post(url, [["user", "x"]], { stream: true, stream_options: { include_usage: true } });
      const events = (await response.text()).split("\n\n").filter(Boolean).map((line) => line.slice("data: ".length));
      expect(events.pop()).toBe("[DONE]");
      const chunks = events.map((event) => JSON.parse(event) as { choices: { delta: { content?: string }; finish_reason: string | null }[]; usage?: object });
      expect(chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "").join("")).toBe("abcdef");
      expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason).filter(Boolean)).toEqual(["stop"]);
      expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 9, completion_tokens: 2, total_tokens: 11, prompt_tokens_details: { cached_tokens: 4 } });
    });
  });

  it("wants the key when one is required, and honours its being revoked", async () => {
    await using server = await startScriptedModelServer({ rules: [{ name: "root", reply: "ok" }], requireKey: "k1" });
    expect(await textOf(await post(server.url, [["user", "x"]]))).toBe("401 invalid_api_key");
    expect(await textOf(await post(server.url, [["user", "x"]], {}, { authorization: "Bearer k1" }))).toBe("ok");
    server.setRequiredKey("k2");
    expect(await textOf(await post(server.url, [["user", "x"]], {}, { authorization: "Bearer k1" }))).toBe("401 invalid_api_key");
  });

  it("plays a fault the given number of times, over the rule or over each body", async () => {
    const fault = { type: "status", status: 429, times: 1, retryAfter: 3 } as const;
    await withRules([{ name: "rule", when: { last: "rule" }, reply: "ok", fault }, { name: "body", reply: "ok", fault: { ...fault, per: "body" } }], async ({ url }) => {
      const first = await post(url, [["user", "rule 1"]]);
      expect([first.status, first.headers.get("retry-after")]).toEqual([429, "3"]);
      expect((await post(url, [["user", "rule 2"]])).status).toBe(200);
      const statuses = [];
      for (const last of ["a", "b", "a", "b"]) statuses.push((await post(url, [["user", last]])).status);
      expect(statuses).toEqual([429, 429, 200, 200]);
    });
  });

  it("plays a fault at every n-th match", async () => {
    await withRules([{ name: "root", reply: "ok", fault: { type: "status", status: 500, every: 3 } }], async ({ url }) => {
      const statuses = [];
      for (let call = 0; call < 6; call++) statuses.push((await post(url, [["user", "x"]])).status);
      expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
    });
  });
});

describe("the ledger of the scripted model server", () => {
  it("records every exchange, and a call sent again under its hash and key", async () => {
    await withRules([{ name: "root", reply: "four" }], async (server) => {
      for (let again = 0; again < 2; again++) await textOf(await post(server.url, [["user", "x".repeat(300)]], {}, { "idempotency-key": "k" }));
      const [first, second] = server.ledger();
      expect(first).toMatchObject({
        seq: 1, idempotencyKey: "k", model: "m", rule: "root", turn: 1, status: 200, fault: null, aborted: false, answered: true,
        promptChars: 300, replyChars: 4, lastUserTail: "x".repeat(200), inFlight: 1,
      });
      expect(second).toMatchObject({ seq: 2, bodySha256: first?.bodySha256 });
    });
  });

  it("shows open exchanges, and those whose client went away as aborted", async () => {
    await withRules([{ name: "hang", reply: "", fault: { type: "hang" } }], async (server) => {
      const controller = new AbortController();
      const call = fetch(`${server.url}/chat/completions`, { method: "POST", signal: controller.signal, body: '{"model":"m","messages":[]}' });
      while (server.stats().inFlight === 0) await new Promise((resolve) => setImmediate(resolve));
      expect(server.ledger()).toMatchObject([{ endedAtMs: null, answered: false }]);
      controller.abort();
      await expect(call).rejects.toThrow("aborted");
      while (server.stats().inFlight > 0) await new Promise((resolve) => setImmediate(resolve));
      expect(server.stats()).toMatchObject({ requests: 1, aborted: 1, answered: 0, failed: 0 });
    });
  });

  it("can be read and reset from other processes", async () => {
    await withRules([{ name: "root", reply: "ok", fault: { type: "status", status: 500, times: 1 } }], async (server) => {
      const root = server.url.replace("/v1", "");
      await post(server.url, [["user", "x"]]);
      await textOf(await post(server.url, [["user", "x"]]));
      expect(await (await fetch(`${root}/__ledger`)).json()).toEqual(server.ledger());
      expect(await (await fetch(`${root}/__stats`)).json()).toMatchObject({ requests: 2, answered: 1, failed: 1, byRule: { root: { requests: 2 } } });
      await fetch(`${root}/__reset`, { method: "POST" });
      expect(server.stats()).toMatchObject({ requests: 0, inFlight: 0 });
      expect((await post(server.url, [["user", "x"]])).status).toBe(500);
    });
  });

  it("is appended to a file, a line an exchange", async () => {
    const directory = await mkdtemp(join(tmpdir(), "scripted-ledger-"));
    try {
      const ledgerFile = join(directory, "ledger.jsonl");
      await using server = await startScriptedModelServer({ rules: [{ name: "root", reply: "ok" }], ledgerFile });
      for (let call = 0; call < 3; call++) await textOf(await post(server.url, [["user", String(call)]]));
      const lines = (await readFile(ledgerFile, "utf8")).trim().split("\n").map((line) => JSON.parse(line) as LedgerRow);
      expect(lines).toEqual(server.ledger());
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});
