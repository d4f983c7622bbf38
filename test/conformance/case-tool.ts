import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { stringify, type LosslessNumber } from "lossless-json";
import { packageRoot } from "../../src/stack/package-files.js";
import { loadToolsFile, type ToolsFile } from "../../src/tools/load-tools-file.js";

/** A tool as the cases describe it. */
export interface CaseTool {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly type?: string }[];
  readonly impl:
    | { readonly kind: "echo" }
    | { readonly kind: "join"; readonly sep: string }
    | { readonly kind: "return"; readonly value: string | boolean | null | LosslessNumber }
    | { readonly kind: "raise"; readonly type: string; readonly message: string };
}

/**
 * The tools of a case, from a real file of tools that does what the case says.
 * @param directory where the file is written
 * @throws ToolDefinitionError a name is refused
 */
export async function caseTools(directory: string, tools: readonly CaseTool[]): Promise<ToolsFile> {
  const text = MODULE.replace("CASES", () => stringify(tools) ?? "[]");
  const file = path.join(directory, `tools-${createHash("sha256").update(text).digest("hex")}.mjs`);
  await writeFile(file, text);
  return loadToolsFile(file);
}

/** By address: a module that a test runner imports from another directory finds no packages. */
const addressOf = (file: string): string => JSON.stringify(pathToFileURL(path.join(packageRoot(), file)).href);

const MODULE = `import { tool } from ${addressOf("dist/src/tools/define-tool.js")};
import { z } from ${addressOf("node_modules/zod/index.js")};

export const tools = CASES.map(({ name, params, impl }) =>
  tool({
    name,
    description: \`The tool \${name} of a case.\`,
    parameters: z.object(Object.fromEntries(params.map((param) => [param.name, param.type === "str" ? z.string() : z.unknown()]))),
    run(args) {
      const values = params.map((param) => args[param.name]);
      if (impl.kind === "echo") return values[0];
      if (impl.kind === "join") return values.map(String).join(impl.sep);
      if (impl.kind === "return") return impl.value;
      throw Object.assign(new Error(impl.message), { name: impl.type });
    },
  }),
);
`;
