import type { BoundedText, CellResult, VariableDescription } from "../core/cell.js";
import type { CapturedMessage, FailedMessage, SuspendedHead } from "./child/protocol.js";
import { isRecord } from "./child/request-guard.js";
import type { NondeterministicRead } from "./session.js";

/* Hand-written checks of every message a sandbox may send. It runs code of a model: nothing about its messages is taken on trust. */

export function isSuspendedHead(value: unknown): value is SuspendedHead {
  return isRecord(value) && isCount(value["seq"]) && isReadList(value["reads"]) && isCountOrNull(value["divergedAtSeq"]);
}

export function isCapturedMessage(value: unknown): value is CapturedMessage {
  return (
    isRecord(value) &&
    isCount(value["keptParts"]) &&
    isDuration(value["cellMs"]) &&
    isDuration(value["captureMs"]) &&
    isCount(value["heapBytes"]) &&
    isCount(value["dirtyPages"]) &&
    isCount(value["pagesToWrite"]) &&
    isCountOrNull(value["divergedAtSeq"]) &&
    isReadList(value["tailReads"])
  );
}

export function isFailedMessage(value: unknown): value is FailedMessage {
  return isRecord(value) && (value["reason"] === "fatal" || value["reason"] === "snapshot_refused" || value["reason"] === "setup_failed") && typeof value["message"] === "string";
}

export function isVariableList(value: unknown): value is VariableDescription[] {
  return Array.isArray(value) && value.every((item) => isRecord(item) && allStrings(item, ["name", "type", "preview"]) && isCountOrNull(item["length"]));
}

export function isCellResult(value: unknown): value is CellResult {
  return (
    isRecord(value) &&
    isBoundedText(value["output"]) &&
    (value["value"] === null || isBoundedText(value["value"])) &&
    (value["error"] === null || isCellError(value["error"])) &&
    (value["submit"] === null || (isRecord(value["submit"]) && typeof value["submit"]["json"] === "string")) &&
    isArrayOf(value["changed"], (item) => isRecord(item) && allStrings(item, ["name", "type"]) && isCountOrNull(item["length"])) &&
    isArrayOf(value["restored"], isString) &&
    (value["names"] === undefined || isArrayOf(value["names"], isString))
  );
}

function isCellError(value: unknown): boolean {
  return isRecord(value) && allStrings(value, ["type", "message"]) && isBoundedText(value["traceback"]);
}

function isBoundedText(value: unknown): value is BoundedText {
  return isRecord(value) && allStrings(value, ["head", "tail"]) && isCount(value["chars"]);
}

function isReadList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isRead);
}

function isRead(value: unknown): value is NondeterministicRead {
  if (!Array.isArray(value) || value.length !== 2) return false;
  const [kind, content] = value as [unknown, unknown];
  return kind === "entropy" ? typeof content === "string" : (kind === "date" || kind === "monotonic") && isFiniteNumber(content);
}

function allStrings(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === "string");
}

function isArrayOf(value: unknown, isItem: (item: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isItem);
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isCountOrNull(value: unknown): value is number | null {
  return value === null || isCount(value);
}

function isDuration(value: unknown): value is number {
  return isFiniteNumber(value) && value >= 0;
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
