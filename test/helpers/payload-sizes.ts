/** Length of every byte string below `value`: in a history, payloads of arguments, results, details and memos. */
export function payloadSizes(value: unknown): number[] {
  if (value instanceof Uint8Array) return [value.byteLength];
  if (typeof value !== "object" || value === null) return [0];
  return Object.values(value).flatMap(payloadSizes);
}
