import type { ConnectionLike } from "@temporalio/client";
import type { BlobStore } from "../../store/blob-store.js";
import { GRPC_PERMISSION_DENIED, isGrpc } from "../connect-temporal.js";
import type { RunClient } from "../run-client.js";

/*
 * Garbage collection sees the open runs of one Temporal namespace. Whoever starts runs or hosts them leaves the namespace's name in the store, so that a
 * collection from another one refuses instead of taking the data of open runs for garbage.
 */

const PREFIX = "namespaces";

/** Runs of another namespace may use the store. */
export class ForeignNamespaceError extends Error {
  override readonly name = "ForeignNamespaceError";
  readonly code = "foreign_namespace";
  constructor(readonly namespace: string, readonly id: string) {
    super(`Nothing was removed: the Temporal namespace "${namespace}" (${id}) uses this store too, and its open runs cannot be seen from here. Give each namespace a store of its own. If that namespace is gone for good: \`rlm gc --forget-namespace ${id}\`.`);
  }
}

/** A namespace as its server knows it. */
interface Namespace {
  readonly connection: Pick<ConnectionLike, "workflowService">;
  readonly namespace: string;
}

/** Leaves the namespace's name in the store. Once per connection, namespace and store. */
export async function rememberNamespace(store: BlobStore, own: Namespace): Promise<void> {
  const known = remembered.get(own.connection) ?? [];
  if (known.some((each) => each.store === store && each.namespace === own.namespace)) return;
  await store.putNamed(`${PREFIX}/${await namespaceId(own)}`, Buffer.from(JSON.stringify({ namespace: own.namespace })));
  remembered.set(own.connection, [...known, { store, namespace: own.namespace }]);
}

const remembered = new WeakMap<object, readonly { readonly store: BlobStore; readonly namespace: string }[]>();

/** @param own the namespace that is asked for open runs; `null`: there is none. @throws {ForeignNamespaceError} another one uses the store. */
export async function assertOnlyNamespace(store: BlobStore, own: Namespace | null): Promise<void> {
  const foreign = await foreignNamespace(store, own);
  if (foreign !== null) throw foreign;
}

/** What is wrong with removing what no run of `own` refers to, or `null`. */
export async function foreignNamespace(store: BlobStore, own: Namespace | null): Promise<ForeignNamespaceError | null> {
  const ownId = own === null ? null : await namespaceId(own);
  for await (const name of store.listNamed(PREFIX)) {
    const id = name.slice(PREFIX.length + 1);
    if (id === ownId) continue;
    const { namespace } = JSON.parse(Buffer.from((await store.getNamed(name)) ?? "{}").toString("utf8")) as { readonly namespace?: string };
    return new ForeignNamespaceError(namespace ?? "unknown", id);
  }
  return null;
}

/** The namespace that a client is connected to. */
export async function namespaceOf({ temporal }: Pick<RunClient, "temporal">): Promise<Namespace> {
  const { connection, options } = await temporal();
  return { connection, namespace: options.namespace };
}

/** @param id as `ForeignNamespaceError` tells it */
export async function forgetNamespace(store: BlobStore, id: string): Promise<void> {
  await store.deleteNamed(`${PREFIX}/${id}`);
}

/** The server's own id: another server's namespace of the same name has another. Where it may not be asked for, the name. */
async function namespaceId({ connection, namespace }: Namespace): Promise<string> {
  try {
    const { namespaceInfo } = await connection.workflowService.describeNamespace({ namespace });
    if (namespaceInfo?.id) return namespaceInfo.id;
  } catch (error) {
    if (!isGrpc(error, GRPC_PERMISSION_DENIED)) throw error;
  }
  return `name-${Buffer.from(namespace).toString("hex").slice(0, 190)}`;
}
