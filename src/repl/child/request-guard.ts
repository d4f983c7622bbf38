import type { HostCallRequest } from "../../core/cell.js";

/** True for a well-formed request of Python's. Used on both sides: by the child to tell Python, by the host because it trusts no child. */
export function isHostCallRequest(value: unknown): value is HostCallRequest {
  if (!isRecord(value) || value["kind"] !== "llm" || !Array.isArray(value["calls"])) return false;
  return value["calls"].every((call: unknown) => isRecord(call) && typeof call["prompt"] === "string" && (call["model"] === null || typeof call["model"] === "string"));
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
