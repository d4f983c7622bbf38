import { randomBytes } from "node:crypto";
import { InvalidWorkflowIdError } from "./errors.js";

/** In hex the id is a segment of a store name, and those have at most 200 characters. */
const MAX_BYTES = 100;

/** @throws InvalidWorkflowIdError */
export function requireWorkflowId(id: string): string {
  const bytes = Buffer.byteLength(id, "utf8");
  if (bytes === 0 || bytes > MAX_BYTES) {
    throw new InvalidWorkflowIdError(`A run's id has 1 to ${MAX_BYTES} bytes (UTF-8); this one has ${bytes}. Choose another --id.`);
  }
  if (!/^[^\p{C}\p{Z}]+(?: [^\p{C}\p{Z}]+)*$/u.test(id)) {
    throw new InvalidWorkflowIdError(`The id ${JSON.stringify(id)} holds characters that cannot be printed, or spaces at its ends. Choose another --id.`);
  }
  return id;
}

/** `rlm-20260131-142233-9f3a1c`: sorts by start, short enough to type. */
export function newWorkflowId(nowMs: number): string {
  const stamp = new Date(nowMs).toISOString().replaceAll(/[-:]|\..*$/g, "").replace("T", "-");
  return `rlm-${stamp}-${randomBytes(3).toString("hex")}`;
}

/** Names in the store are plain ASCII, workflow ids need not be. */
export function workflowIdHex(workflowId: string): string {
  return Buffer.from(workflowId, "utf8").toString("hex");
}

export function workflowIdFromHex(hex: string): string {
  return Buffer.from(hex, "hex").toString("utf8");
}
