/** A tool, or a set of tools, that cannot be used as it is defined. */
export class ToolDefinitionError extends Error {
  override readonly name = "ToolDefinitionError";
  readonly code = "invalid_tools";
}

/** Arguments that the tool's schema does not take; one line a fault. Told to the model as a TypeError. */
export class ToolArgumentsError extends Error {
  override readonly name = "ToolArgumentsError";
}

/** A result that cannot be given to Python. */
export class ToolResultError extends Error {
  override readonly name = "ToolResultError";
  constructor(readonly kind: "result" | "too_large", message: string) { super(message); }
}

/** A try of a tool failed and another is due. `message` holds no arguments: it ends up in the history. */
export class ToolAttemptError extends Error {
  override readonly name = "ToolAttemptError";
  constructor(message: string, readonly retryAfterMs: number) { super(message); }
}

/** This worker does not host the tool; another one that polls the same queue may. */
export class ToolNotHostedError extends Error {
  override readonly name = "ToolNotHostedError";
}
