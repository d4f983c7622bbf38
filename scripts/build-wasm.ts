import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import wabt from "wabt";

/** The hand-written WebAssembly modules: each `<name>.wat` becomes `<name>.wasm.ts` beside it. */
export const WASM_MODULES = ["page-hash", "utf8"] as const;

/** Package root, from the source file as well as from its compiled copy in `dist/`. */
const root = fileURLToPath(import.meta.url).replace(/(\/dist)?\/scripts\/build-wasm\.[jt]s$/, "");

export function wasmPath(name: string, extension: "wat" | "wasm.ts"): string {
  return `${root}/src/snapshot/wasm/${name}.${extension}`;
}

/** The TypeScript text that carries a module: the sandbox may read no other files than its program, so the bytes travel inside it. */
export async function renderWasmModule(name: string): Promise<string> {
  const features = { simd: true, multi_memory: true };
  const parsed = (await wabt()).parseWat(`${name}.wat`, readFileSync(wasmPath(name, "wat"), "utf8"), features);
  try {
    const base64 = Buffer.from(parsed.toBinary({}).buffer).toString("base64");
    const lines = base64.match(/.{1,140}/g) ?? [];
    return `// Generated from ${name}.wat by scripts/build-wasm.ts. Do not edit.\nexport const base64 =\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`;
  } finally {
    parsed.destroy();
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const name of WASM_MODULES) writeFileSync(wasmPath(name, "wasm.ts"), await renderWasmModule(name));
}
