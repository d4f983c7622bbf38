import { describe, expect, it } from "vitest";
import { parseProjectFile } from "../../src/config/project-file.js";
import { resolveConfig } from "../../src/config/resolve-config.js";
import { toModelSettings } from "../../src/config/to-model-settings.js";

const parse = (settings: object) => parseProjectFile(JSON.stringify(settings), "rlm.config.json");

const GROQ = {
  model: "openai/gpt-oss-120b", baseURL: "https://api.groq.com/openai/v1", apiKeyEnv: "GROQ_API_KEY", wire: "responses", contextTokens: 131_072, maxOutputTokens: 32_000,
  callTimeout: "90s", price: null, parameters: { reasoning_effort: "low" }, capabilities: { streaming: false }, allowed: true,
};

describe("the model registry", () => {
  it("takes everything that is known of a model; a price of null is an unknown one", () => {
    const { models } = resolveConfig({ flags: {}, env: {}, projectFile: { file: "/p/rlm.config.json", settings: parse({ model: "big", subModel: "fast", models: { fast: GROQ, big: { price: { inputUsdPerMillion: 1, outputUsdPerMillion: 2 } } } }) } });
    expect(models).toMatchObject({ root: "big", sub: "fast", allowed: ["fast"], keyVariables: ["GROQ_API_KEY"] });
    expect(toModelSettings(models.settings["fast"]!)).toEqual({
      model: "openai/gpt-oss-120b", baseURL: "https://api.groq.com/openai/v1", apiKeyEnv: "GROQ_API_KEY", wire: "responses", contextTokens: 131_072, maxOutputTokens: 32_000,
      callTimeoutMs: 90_000, parameters: { reasoning_effort: "low" }, capabilities: { streaming: false },
    });
  });

  it("may be written as a list of models with names", () => {
    expect(parse({ models: [{ name: "fast", ...GROQ }] })).toEqual(parse({ models: { fast: GROQ } }));
    expect(() => parse({ models: [{ model: "x" }] })).toThrow('rlm.config.json: "models.0" has no name.');
    expect(() => parse({ models: [{ name: "a" }, { name: "a" }] })).toThrow('"models.1" has the name "a", like another one before it.');
  });

  it.each<[string, object, string]>([
    ["a key in the place of its variable's name", { apiKeyEnv: "sk-12345" }, '"models.m.apiKeyEnv" is wrong: it must be the name of an environment variable, like GROQ_API_KEY; never the key itself.'],
    ["a key", { apiKey: "sk-12345" }, '"models.m.apiKey" is not a setting: keys do not belong in this file. Name the variable that holds it: "apiKeyEnv".'],
    ["a base URL with a password", { baseURL: "https://me:secret@example.com/v1" }, '"models.m.baseURL" is wrong: it holds a user or a password, which would be kept with every run: name the variable that holds a key in "apiKeyEnv".'],
    ["a base URL without http", { baseURL: "localhost:8000" }, '"models.m.baseURL" is wrong: it must be an http(s) URL, like http://127.0.0.1:8000/v1.'],
    ["an unknown wire", { wire: "grpc" }, '"models.m.wire" is wrong: Invalid option: expected one of "chat"|"responses".'],
    ["no context at all", { contextTokens: 0 }, '"models.m.contextTokens" is wrong'],
    ["a price below zero", { price: { inputUsdPerMillion: -1, outputUsdPerMillion: 0 } }, '"models.m.price.inputUsdPerMillion" is wrong'],
    ["half a price", { price: { inputUsdPerMillion: 1 } }, '"models.m.price.outputUsdPerMillion" is wrong'],
    ["a misspelt capability", { capabilities: { streamin: true } }, '"models.m.capabilities.streamin" is not a setting. Did you mean "streaming"?'],
    ["a time without a unit", { callTimeout: "90" }, '"models.m.callTimeout" is wrong'],
  ])("refuses %s, with its path and a cure", (_what, model, message) => {
    expect(() => parse({ models: { m: model } })).toThrow(message);
  });

  it("never repeats what stands in the place of a key", () => {
    expect(() => parse({ models: { m: { apiKeyEnv: "sk-very-secret-1", apiKey: "sk-very-secret-2" } } })).toThrow(/^(?![^]*very-secret)/);
  });
});
