import type { ConnectionLike } from "@temporalio/client";
import { encodeSearchAttributeIndexedValueType } from "@temporalio/common/lib/search-attributes.js";
import type { temporal } from "@temporalio/proto";
import { SEARCH_ATTRIBUTES } from "../core/visibility.js";
import { isGrpc } from "./connect-temporal.js";

/** What came of it. `refused`: this connection may not register them; `message` says what to do. */
export type AttributesOutcome = { readonly how: "present" | "registered" } | { readonly how: "refused"; readonly message: string };

const GRPC_PERMISSION_DENIED = 7;
const GRPC_UNIMPLEMENTED = 12;
const GRPC_UNAUTHENTICATED = 16;
/** As Temporal's API names the type. */
const indexed = (type: "KEYWORD" | "INT" | "DOUBLE"): temporal.api.enums.v1.IndexedValueType => {
  const value = encodeSearchAttributeIndexedValueType(type);
  if (value === undefined) throw new Error(`Temporal's client knows no search attributes of type ${type}.`);
  return value;
};

/**
 * Registers the search attributes of runs in a namespace, where they are missing. Safe to repeat, and from several processes at once.
 * Runs work without them: `rlm ls` then filters by itself, and Temporal's UI has no columns for them.
 * @throws what the server answers, when it is no refusal
 */
export async function ensureSearchAttributes({ operatorService }: Pick<ConnectionLike, "operatorService">, namespace: string): Promise<AttributesOutcome> {
  const wanted = Object.values(SEARCH_ATTRIBUTES);
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const missing = wanted.filter(({ name }) => customAttributes?.[name] === undefined);
    const wrong = wanted.find(({ name, type }) => customAttributes?.[name] !== undefined && customAttributes[name] !== indexed(type));
    if (wrong !== undefined) return { how: "refused", message: `The search attribute ${wrong.name} is there with another type than ${wrong.type}. Runs work without; remove it to have them listed by it.` };
    if (missing.length === 0) return { how: "present" };
    await operatorService.addSearchAttributes({ namespace, searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, indexed(type)])) });
    return { how: "registered" };
  } catch (error) {
    if (![GRPC_PERMISSION_DENIED, GRPC_UNIMPLEMENTED, GRPC_UNAUTHENTICATED].some((code) => isGrpc(error, code))) throw error;
    return { how: "refused", message: `This server does not let us register search attributes. Runs work without; to filter by them, register in namespace "${namespace}": ${wanted.map(({ name, type }) => `${name}=${TITLES[type]}`).join(", ")}.` };
  }
}

const TITLES = { KEYWORD: "Keyword", INT: "Int", DOUBLE: "Double" } as const;
