import { MalformedReplyError } from "./to-model-call-error.js";

/** Ids in the answer to `GET /models`: `{ data: [{ id }] }`, or a bare array as some servers send. Throws `MalformedReplyError`. */
export function parseModelList(body: unknown): readonly string[] {
  const list: unknown = typeof body === "object" && body !== null && "data" in body ? body.data : body;
  if (!Array.isArray(list)) throw new MalformedReplyError("its list of models is not one");
  return list.flatMap((model: unknown) => (typeof model === "object" && model !== null && "id" in model && typeof model.id === "string" ? [model.id] : []));
}
