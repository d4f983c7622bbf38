import { loadPyodide } from "pyodide";

export interface ScriptRun {
  /** What was handed to `SUBMIT`, `null` when it was not called. */
  readonly submitted: Readonly<Record<string, string>> | null;
  readonly output: string;
  /** Prompts of the sub-calls, those of a batch in order. */
  readonly prompts: readonly string[];
}

/** Runs cells one after the other in one Pyodide inside this process: the demo's logic without sandbox, snapshots and Temporal. */
export async function createScriptRunner(): Promise<(cells: readonly string[], inputs: Readonly<Record<string, string>>, answer: (prompt: string) => string) => Promise<ScriptRun>> {
  let output = "";
  const python = await loadPyodide({ stdout: (line) => (output += `${line}\n`) });
  return async (cells, inputs, answer) => {
    const prompts: string[] = [];
    let submitted: Readonly<Record<string, string>> | null = null;
    output = "";
    const query = (prompt: string): string => (prompts.push(prompt), answer(prompt));
    const namespace = python.toPy({ ...inputs }) as { set(name: string, value: unknown): void; destroy(): void };
    namespace.set("_query", query);
    namespace.set("_submit", (json: string) => void (submitted = JSON.parse(json) as Readonly<Record<string, string>>));
    await python.runPythonAsync(PRELUDE, { globals: namespace as never });
    for (const cell of cells) await python.runPythonAsync(cell, { globals: namespace as never });
    namespace.destroy();
    return { submitted, output, prompts };
  };
}

const PRELUDE = `
import json as _json
def llm_query(prompt): return _query(prompt)
def llm_query_batched(prompts): return [_query(prompt) for prompt in prompts]
def SUBMIT(**outputs): _submit(_json.dumps(outputs))
`;
