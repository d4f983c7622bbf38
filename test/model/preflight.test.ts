import { describe, expect, it } from "vitest";
import { createOpenAiModelClient } from "../../src/model/openai-model-client.js";
import { preflight } from "../../src/model/preflight.js";
import { startScriptedModelServer, type ScriptedModelServerOptions } from "../../src/testing/index.js";

async function look(models: { model: string; subModel: string }, options: Partial<ScriptedModelServerOptions> = {}) {
  await using server = await startScriptedModelServer({ rules: [], ...options });
  return await preflight(createOpenAiModelClient({ baseURL: server.url, apiKey: "key" }), models);
}

describe("looking at the model server before a run", () => {
  it("passes when the server takes the key and knows both models", async () => {
    expect(await look({ model: "scripted-root", subModel: "scripted-sub" }, { requireKey: "key" })).toEqual({ ok: true });
  });

  it("refuses a wrong key", async () => {
    expect(await look({ model: "scripted-root", subModel: "scripted-sub" }, { requireKey: "other" })).toMatchObject({ ok: false, problem: "credentials", hint: expect.stringContaining("OPENAI_API_KEY") as string });
  });

  it("names near matches of an unknown model", async () => {
    expect(await look({ model: "scripted-root", subModel: "scripted-sup" })).toEqual({
      ok: false, problem: "unknown_model", message: 'The model server does not offer the model "scripted-sup".', hint: "Did you mean scripted-sub?",
    });
  });

  it("lists what there is when nothing is near", async () => {
    expect(await look({ model: "gpt-5", subModel: "gpt-5" })).toMatchObject({ problem: "unknown_model", hint: "It offers scripted-root, scripted-sub." });
  });

  it("accepts the spellings that lists leave out", async () => {
    const models = ["models/gemini-x", "llama:latest", "openai/gpt", "bedrock/*"];
    for (const model of ["gemini-x", "llama", "openai/gpt:nitro", "bedrock/anything"]) expect(await look({ model, subModel: model }, { models })).toEqual({ ok: true });
  });

  it("passes where there is no list of models", async () => {
    expect(await look({ model: "x", subModel: "y" }, { models: null })).toEqual({ ok: true });
  });

  it("says that nobody answers", async () => {
    await using server = await startScriptedModelServer({ rules: [] });
    await server.close();
    const result = await preflight(createOpenAiModelClient({ baseURL: server.url, apiKey: null }), { model: "x", subModel: "x" });
    expect(result).toMatchObject({ ok: false, problem: "unreachable", message: expect.stringContaining("ECONNREFUSED") as string, hint: expect.stringContaining("OPENAI_BASE_URL") as string });
  });

  it("takes a web page for what it is: not a model server", async () => {
    const fetch = async (): Promise<Response> => new Response("<html>hello</html>", { headers: { "content-type": "text/html" } });
    const result = await preflight(createOpenAiModelClient({ baseURL: "http://127.0.0.1:9", apiKey: null, fetch }), { model: "x", subModel: "x" });
    expect(result).toMatchObject({ ok: false, problem: "unreachable" });
  });
});
