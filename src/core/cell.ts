import type { CallKind } from "./call-counts.js";
import type { TypeSpec } from "./signature.js";

/** Text cut at the source: the head and the tail that were kept, and how long the whole was. `chars` counts Python characters (code points). */
export interface BoundedText {
  readonly head: string;
  readonly tail: string;
  /** Length of the whole text; `chars - len(head) - len(tail)` characters were left out. */
  readonly chars: number;
}

/** One Python variable as the model is told about it. */
export interface VariableDescription {
  readonly name: string;
  /** The type it has in the sandbox, e.g. `str`, `dict[str, str]`, `list[int]`. */
  readonly type: string;
  /** `len()` where it has one: characters of a str, items of a container, bytes of bytes. */
  readonly length: number | null;
  /** Head and tail of a text, shape of a container, `repr` of a scalar; at most ~500 characters. */
  readonly preview: string;
  /** Defined by the user's setup: a function, a class or a constant, and no input. */
  readonly helper?: true;
}

/** What a finished cell did. The texts come from untrusted model code: show as text only. */
export interface CellResult {
  /** stdout and stderr in the order they were written. */
  readonly output: BoundedText;
  /** `repr` of a trailing expression that is not `None`. */
  readonly value: BoundedText | null;
  readonly error: CellError | null;
  /** What `SUBMIT` was given: JSON text of an object, one key per output field; not yet checked against the signature's types. */
  readonly submit: { readonly json: string } | null;
  /** Variables of the user's that are new or were rebound by this cell, at most 20 of them. */
  readonly changed: readonly { readonly name: string; readonly type: string; readonly length: number | null }[];
  /** Reserved names the cell had rebound or deleted, and that were put back. */
  readonly restored: readonly string[];
  /** Names of all user variables, given after a NameError only. */
  readonly names?: readonly string[];
}

export interface CellError {
  /** Python class name, or `CellTimeout`. */
  readonly type: string;
  readonly message: string;
  /** Traceback with the cell's own line numbers; frames of the sandbox's machinery are left out. */
  readonly traceback: BoundedText;
}

/**
 * What is left of the run's limits; `budget()` in the sandbox returns it. A value of the cell's first start, so that a rebuilt session sees the same; only
 * `llmCallsUsed` goes on with each suspension. `null` = no limit.
 */
export interface BudgetView {
  readonly turn: number;
  readonly maxIterations: number;
  readonly llmCallsUsed: number;
  readonly maxLlmCalls: number;
  /** As of the turn's start. */
  readonly toolCallsLeft?: number;
  readonly tokensLeft: number | null;
  /** 0 also when a cost is not known: the run spends no more then. */
  readonly usdLeft: number | null;
  /** As of the turn's start, before its root call. */
  readonly msLeft: number | null;
}

/** A turn as `rlm_history` has it in the sandbox. */
export interface HistoryTurn {
  readonly turn: number;
  readonly reasoning: string;
  /** `null`: the reply held no code. */
  readonly code: string | null;
  /** What the model saw of it. */
  readonly output: string;
}

/** Turns that the sandbox does not know yet. */
export interface HistoryUpdate {
  /** Oldest first; some may be known already. */
  readonly turns: readonly HistoryTurn[];
  /** True: these are all turns of the run. */
  readonly complete: boolean;
}

/** A host call: Python has stopped and waits for the outcome. */
export interface HostCallRequest {
  /** In program order; a suspension may mix kinds (`asyncio.gather`). */
  readonly calls: readonly HostCall[];
}

export type HostCall = LlmCallRequest | ToolCallRequest | RlmCallRequest;

/** A child run. */
export interface RlmCallRequest {
  readonly kind: "rlm";
  readonly task: string;
  /** What it is to answer: an object with a field for each output. */
  readonly outputs: Extract<TypeSpec, { kind: "object" }>;
  /** Variables given by value: JSON text of an object, so that integers keep every digit. */
  readonly variables: string;
}

/** A call to one of the user's tools. */
export interface ToolCallRequest {
  readonly kind: "tool";
  readonly tool: string;
  /** JSON text of an object, by parameter name; a text, so that integers keep every digit. */
  readonly args: string;
}

export interface LlmCallRequest {
  readonly kind: "llm";
  readonly prompt: string;
  /** A name of the run's allow-list; `null` = the run's sub-model. */
  readonly model: string | null;
  /** The reply is to be a JSON value of this type; absent: any text. */
  readonly schema?: TypeSpec;
}

/** Outcome of one call of a suspension, as Python gets it. */
export type CallOutcome =
  | { readonly text: string }
  /** Result of a tool, of a sub-call with a schema, or of a child run: JSON text of the value. `degraded`: the limit that the child run reached. */
  | { readonly json: string; readonly degraded?: string }
  | { readonly error: { readonly kind: string; readonly message: string } };

/** Outcome of a suspension. `refused`: over a limit of calls of kind `of`, nothing was sent (raises `LlmCallLimitExceeded` or `ToolError`). */
export type HostCallOutcome = (
  | { readonly outcomes: readonly CallOutcome[] }
  | { readonly refused: CallRefusal }
) & { readonly llmCallsUsed: number };

/** Why nothing of a suspension was sent. */
export interface CallRefusal {
  /** The kind of call whose limit is reached. */
  readonly of: CallKind;
  readonly used: number;
  readonly asked: number;
  readonly max: number;
  /** Set when it is not the number of calls that is used up. */
  readonly reason?: string;
}
