/** Lists, not sets, because the compiler reads them too (typed/field-name.ts). */
export const PYTHON_KEYWORDS = [
  "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
  "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
] as const;

/** Names the sandbox itself binds; a field of that name would hide one of them. */
export const RESERVED_NAMES = [
  "llm_query", "llm_query_batched", "llm_query_async", "llm_query_batched_async", "sub_llm", "rlm_query", "rlm_query_batched", "rlm_query_async", "rlm_query_batched_async",
  "SUBMIT", "SHOW_VARS", "budget", "print", "rlm_history", "LlmError", "LlmCallLimitExceeded", "ToolError",
] as const;

/** Keys a result carries beside the outputs (kept from dspy.RLM, so that programs can move either way). */
export const RESERVED_OUTPUT_NAMES = ["trajectory", "final_reasoning"] as const;
