import type { LosslessNumber } from "lossless-json";
import { z } from "zod";
import { tool } from "../../src/tools/define-tool.js";
import type { Tool } from "../../src/tools/tool.js";

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

/** The real tool that does what the case says. */
export function caseTool({ name, params, impl }: CaseTool): Tool {
  const shape = Object.fromEntries(params.map((param) => [param.name, param.type === "str" ? z.string() : z.unknown()]));
  return tool({
    name,
    description: `The tool ${name} of a case.`,
    parameters: z.object(shape),
    run(args) {
      const values = params.map((param) => args[param.name]);
      switch (impl.kind) {
        case "echo":
          return values[0];
        case "join":
          return values.map(String).join(impl.sep);
        case "return":
          return typeof impl.value === "object" && impl.value !== null ? Number(impl.value) : impl.value;
        case "raise":
          throw Object.assign(new Error(impl.message), { name: impl.type });
      }
    },
  });
}
