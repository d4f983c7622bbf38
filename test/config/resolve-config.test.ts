import path from "node:path";
import { describe, expect, it } from "vitest";
import { parseProjectFile } from "../../src/config/project-file.js";
import { resolveConfig } from "../../src/config/resolve-config.js";

const projectFile = (settings: object) => ({ file: "/project/rlm.config.json", settings: parseProjectFile(JSON.stringify(settings), "rlm.config.json") });

describe("configuration", () => {
  it("prefers flag over environment over project file over default", () => {
    const settings = projectFile({ model: "file-model", store: "data", home: "state" });
    const env = { RLM_MODEL: "env-model" };
    expect(resolveConfig({ flags: { model: "flag-model" }, env, projectFile: settings }).models.root).toBe("flag-model");
    expect(resolveConfig({ flags: {}, env, projectFile: settings }).models.root).toBe("env-model");
    expect(resolveConfig({ flags: {}, env: {}, projectFile: settings }).models).toMatchObject({ root: "file-model", sub: "file-model" });
    expect(resolveConfig({ flags: {}, env: {}, projectFile: null }).models.root).toBe("gpt-5");
    expect(resolveConfig({ flags: {}, env: {}, projectFile: settings })).toMatchObject({ home: "/project/state", storeDirectory: "/project/data" });
  });

  it("has no default model for a server it does not know", () => {
    expect(resolveConfig({ flags: {}, env: { OPENAI_BASE_URL: "http://127.0.0.1:9/v1" }, projectFile: null }).models).toMatchObject({ root: null, sub: null });
  });

  it("takes file URLs and paths as stores and refuses the rest with a cure", () => {
    const store = (value: string) => resolveConfig({ flags: {}, env: { RLM_STORE: value }, projectFile: null }).storeDirectory;
    expect(store("file:///var/lib/rlm%20store")).toBe("/var/lib/rlm store");
    expect(store("relative")).toBe(path.resolve("relative"));
    expect(() => store("s3://bucket/prefix")).toThrow("The store s3://bucket/prefix is not supported yet. Use file:///directory, or leave RLM_STORE unset.");
    expect(() => store("ftp://host/x")).toThrow(/unknown kind\. Write file:\/\//);
  });

  it("refuses a base URL that is none", () => {
    expect(() => resolveConfig({ flags: {}, env: { OPENAI_BASE_URL: "localhost:8000" }, projectFile: null })).toThrow(/not an http\(s\) URL/);
  });

  it("names unknown settings of the project file, all at once, with the nearest known one", () => {
    const text = JSON.stringify({ modell: "x", limits: { maxIteration: 3 }, models: { m: { prise: {} } } });
    expect(() => parseProjectFile(text, "rlm.config.json")).toThrow(/"modell" is not a setting. Did you mean "model"\?/);
    expect(() => parseProjectFile(text, "rlm.config.json")).toThrow(/"limits.maxIteration" is not a setting. Did you mean "maxIterations"\?/);
    expect(() => parseProjectFile(text, "rlm.config.json")).toThrow(/"models.m.prise" is not a setting. Did you mean "price"\?/);
    expect(() => parseProjectFile("{", "rlm.config.json")).toThrow(/rlm.config.json is not JSON/);
  });

  it("allows sub-calls the models the project file marks as allowed", () => {
    const { models } = resolveConfig({ flags: {}, env: {}, projectFile: projectFile({ models: { a: { allowed: true }, b: {} } }) });
    expect(models.allowed).toEqual(["a"]);
  });
});
