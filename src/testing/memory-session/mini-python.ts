import { createHash } from "node:crypto";
import type { HostCallOutcome, HostCallRequest } from "../../core/cell.js";
import { type MiniValue, pythonText, PythonError, Submitted } from "./mini-values.js";
import { tokenize } from "./mini-tokens.js";

/** All that the memory session's "interpreter" holds. JSON-only. */
export interface MiniState {
  readonly variables: Record<string, MiniValue>;
  readonly outputNames: readonly string[];
  /** Of `random()`. */
  seed: string;
}

export interface MiniCell {
  readonly lines: readonly string[];
  output: string;
  submitted: Readonly<Record<string, MiniValue>> | null;
}

/** Where a cell stops: at a host call, or in a loop that only an interrupt ends. */
export type MiniStop = { readonly request: HostCallRequest } | { readonly spins: true };

/**
 * Runs a cell of the few lines of Python that the memory session knows, so that one text means the same to it and to a real sandbox: assignments,
 * `+`, texts, whole numbers, lists, `print`, `random()`, `llm_query`, `llm_query_batched`, `SUBMIT`, and `while True: pass`.
 */
export function* runMiniCell(state: MiniState, cell: MiniCell): Generator<MiniStop, void, HostCallOutcome> {
  for (const line of cell.lines) {
    if (/^(\s*(#.*)?|(from|import) .*)$/.test(line)) continue;
    if (/^while True:\s*pass$/.test(line)) {
      yield { spins: true };
      continue;
    }
    const [, name, expression = line] = /^([A-Za-z_]\w*)\s*=(?!=)\s*(.*)$/.exec(line) ?? [];
    const value = yield* new Expression(state, cell, tokenize(expression)).evaluate();
    if (name !== undefined) state.variables[name] = value;
  }
}

class Expression {
  #at = 0;

  constructor(private readonly state: MiniState, private readonly cell: MiniCell, private readonly tokens: readonly string[]) {}

  *evaluate(): Generator<MiniStop, MiniValue, HostCallOutcome> {
    const value = yield* this.#sum();
    if (this.#at < this.tokens.length) throw new PythonError("SyntaxError", `the memory session does not know ${JSON.stringify(this.tokens.slice(this.#at).join(" "))}`);
    return value;
  }

  *#sum(): Generator<MiniStop, MiniValue, HostCallOutcome> {
    let value = yield* this.#term();
    while (this.#take("+")) {
      const other = yield* this.#term();
      if (typeof value === "number" && typeof other === "number") value += other;
      else if (typeof value === "string" && typeof other === "string") value += other;
      else throw new PythonError("TypeError", "unsupported operand type(s) for +");
    }
    return value;
  }

  *#term(): Generator<MiniStop, MiniValue, HostCallOutcome> {
    const token = this.tokens[this.#at++] ?? "";
    if (/^\d/.test(token)) return Number(token);
    if (/^['"]/.test(token)) return token.slice(1, -1);
    if (token === "[") return yield* this.#items("]");
    if (this.#take("(")) return yield* this.#call(token);
    const value = this.state.variables[token];
    if (value === undefined) throw new PythonError("NameError", `name '${token}' is not defined`);
    return value;
  }

  *#items(end: string): Generator<MiniStop, MiniValue[], HostCallOutcome> {
    const items: MiniValue[] = [];
    while (!this.#take(end)) {
      items.push(yield* this.#sum());
      this.#take(",");
    }
    return items;
  }

  *#call(name: string): Generator<MiniStop, MiniValue, HostCallOutcome> {
    if (name === "SUBMIT") return this.#submit(yield* this.#keywords());
    const args = yield* this.#items(")");
    const [first = null] = args;
    if (name === "print") this.cell.output += `${args.map(pythonText).join(" ")}\n`;
    else if (name === "random") return this.#random();
    else if (name === "llm_query") return (yield* ask([first]))[0] ?? null;
    else if (name === "llm_query_batched") return yield* ask(Array.isArray(first) ? first : [first]);
    else throw new PythonError("NameError", `name '${name}' is not defined`);
    return null;
  }

  *#keywords(): Generator<MiniStop, Record<string, MiniValue>, HostCallOutcome> {
    const given: Record<string, MiniValue> = {};
    while (!this.#take(")")) {
      const name = this.tokens[this.#at] ?? "";
      this.#at += 2;
      given[name] = yield* this.#sum();
      this.#take(",");
    }
    return given;
  }

  #submit(given: Record<string, MiniValue>): never {
    const unknown = Object.keys(given).find((name) => !this.state.outputNames.includes(name));
    if (unknown !== undefined) throw new PythonError("TypeError", `SUBMIT() got an unexpected keyword argument '${unknown}'`);
    this.cell.submitted = given;
    throw new Submitted();
  }

  #random(): number {
    this.state.seed = createHash("sha256").update(this.state.seed).digest("hex");
    return Number.parseInt(this.state.seed.slice(0, 12), 16);
  }

  #take(token: string): boolean {
    if (this.tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }
}

function* ask(prompts: readonly MiniValue[]): Generator<MiniStop, MiniValue[], HostCallOutcome> {
  const calls = prompts.map((prompt) => ({ kind: "llm" as const, prompt: pythonText(prompt), model: null }));
  const outcome = yield { request: { calls } };
  if ("refused" in outcome) throw new PythonError("LlmCallLimitExceeded", `${outcome.refused.asked} calls asked, ${outcome.refused.used} of ${outcome.refused.max} used`);
  return outcome.outcomes.map((each) => {
    if ("error" in each) throw new PythonError("LlmError", each.error.message);
    return "text" in each ? each.text : JSON.parse(each.json) as string;
  });
}
