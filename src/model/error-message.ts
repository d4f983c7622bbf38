import type { ModelErrorKind } from "./errors.js";

const CURES: Readonly<Record<ModelErrorKind, string>> = {
  rate_limited: "A run tries it again; a lower --max-concurrency makes this rarer.",
  server_error: "A run tries it again.",
  network: "A run tries it again; check that the server runs and that the base URL is right.",
  timeout: "A run tries it again; a longer per-call timeout helps when the model needs more time.",
  malformed_reply: "A run tries it again; if it stays, check that the base URL leads to an OpenAI-compatible API (it usually ends in /v1).",
  bad_request: "Change the request; repeating it does not help.",
  model_not_found: "Check the model's name and that the base URL belongs to its provider.",
  model_not_allowed: "Use a model of the run's allow-list.",
  context_length: "Make the prompt shorter: split the text and ask about the parts.",
  content_filter: "Reword the prompt or leave the text in question out.",
  credentials: "Give the worker a valid OPENAI_API_KEY for this server, then retry the run.",
  quota: "Top up the account or use another key, then retry the run.",
};

/** `Model "m" at host: what happened (HTTP 429, rate_limited). The server says: "…". Cure.` Never holds the key or the prompt. */
export function describeFailure(failure: {
  readonly host: string;
  readonly model: string | null;
  readonly what: string;
  readonly kind: ModelErrorKind;
  readonly status?: number | undefined;
  readonly serverText?: string | null;
  readonly apiKeyEnv?: string;
}): string {
  const subject = failure.model === null ? `Model server ${failure.host}` : `Model "${failure.model}" at ${failure.host}`;
  const facts = failure.status === undefined ? failure.kind : `HTTP ${failure.status}, ${failure.kind}`;
  const quote = failure.serverText ? ` The server says: "${failure.serverText}".` : "";
  return `${subject}: ${failure.what} (${facts}).${quote} ${CURES[failure.kind].replace("OPENAI_API_KEY", failure.apiKeyEnv ?? "OPENAI_API_KEY")}`;
}
