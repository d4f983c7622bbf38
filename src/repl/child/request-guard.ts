import type { HostCallRequest } from "../../core/cell.js";
import { isTypeSpec } from "./type-spec-guard.js";

/** True for a well-formed request of Python's. Used on both sides: by the child to tell Python, by the host because it trusts no child. */
export function isHostCallRequest(value: unknown): value is HostCallRequest {
  return isRecord(value) && Array.isArray(value["calls"]) && value["calls"].every(isHostCall);
}

function isHostCall(call: unknown): boolean {
  if (!isRecord(call)) return false;
  if (call["kind"] === "rlm") return isTypeSpec(call["outputs"]) && call["outputs"].kind === "object" && typeof call["task"] === "string" && typeof call["variables"] === "string";
  if (call["schema"] !== undefined && !isTypeSpec(call["schema"])) return false;
  if (call["kind"] === "tool") return typeof call["tool"] === "string" && typeof call["args"] === "string";
  return call["kind"] === "llm" && typeof call["prompt"] === "string" && (call["model"] === null || typeof call["model"] === "string");
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
