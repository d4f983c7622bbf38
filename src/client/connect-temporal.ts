import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor, type ConnectionOptions } from "@temporalio/client";
import { NamespaceNotFoundError, TemporalUnreachableError } from "./errors.js";

export interface TemporalTarget extends Pick<ConnectionOptions, "tls" | "apiKey" | "metadata"> {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** @default 5000 */
  readonly timeoutMs?: number;
}

/**
 * Connects and makes sure that the namespace is there.
 * @throws TemporalUnreachableError nobody answered within `timeoutMs`
 * @throws NamespaceNotFoundError
 */
export async function connectTemporal({ address, namespace, timeoutMs = 5000, ...options }: TemporalTarget): Promise<Client> {
  const connection = await connect(address, timeoutMs, options);
  try {
    await connection.withDeadline(Date.now() + timeoutMs, () => connection.workflowService.describeNamespace({ namespace }));
  } catch (error) {
    await connection.close();
    if (isGrpc(error, GRPC_NOT_FOUND)) throw new NamespaceNotFoundError(namespace, address, { cause: error });
    // A namespace that may not be described can still be used.
    if (!isGrpc(error, GRPC_PERMISSION_DENIED)) throw new TemporalUnreachableError(address, { cause: error });
    return new Client({ connection: await connect(address, timeoutMs, options), namespace });
  }
  return new Client({ connection, namespace });
}

async function connect(address: string, timeoutMs: number, options: Omit<ConnectionOptions, "address">): Promise<Connection> {
  try {
    const interceptors = [makeGrpcRetryInterceptor(defaultGrpcRetryOptions({ maxAttempts: RETRIES }))];
    return await Connection.connect({ address, connectTimeout: timeoutMs, interceptors, ...options });
  } catch (error) {
    throw new TemporalUnreachableError(address, { cause: error });
  }
}

/** Some 2 s. The SDK's 10 are some 30 s, in which a watcher of a killed stack would not know that it is gone. */
const RETRIES = 5;

export const GRPC_NOT_FOUND = 5;
export const GRPC_PERMISSION_DENIED = 7;

/** True for an error (or the cause of one) that carries this gRPC status code. */
export function isGrpc(error: unknown, code: number): boolean {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if ("code" in each && each.code === code) return true;
  }
  return false;
}
