import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { renderWasmModule, WASM_MODULES, wasmPath } from "../../scripts/build-wasm.js";
import { resolveDenoBinary } from "../../src/repl/deno-binary.js";

describe("our WebAssembly modules", () => {
  it.each(WASM_MODULES)("%s is what its source compiles to (node dist/scripts/build-wasm.js)", async (name) => {
    expect(readFileSync(wasmPath(name, "wasm.ts"), "utf8")).toBe(await renderWasmModule(name));
  });

  it("hash pages and decode UTF-8 in place, in the engine they are made for", () => {
    const directory = mkdtempSync(join(tmpdir(), "rlm-wasm-"));
    try {
      const script = fileURLToPath(new URL("fixtures/wasm-checks.mjs", import.meta.url));
      const flags = ["--no-prompt", "--quiet", "--no-remote", "--no-npm", "--no-config", "--no-lock", "--allow-read", `--allow-write=${directory}`];
      const output = execFileSync(resolveDenoBinary(), ["run", ...flags, script, directory], { encoding: "utf8", env: { DENO_DIR: join(directory, "deno"), HOME: directory } });
      expect(JSON.parse(output)).toEqual({ checks: 8, failures: {} });
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
