import type { Client } from "@temporalio/client";
import { configuredTemporal } from "../client/configured-temporal.js";
import { connectTemporal } from "../client/connect-temporal.js";
import { ensureStack } from "../stack/ensure-stack.js";

export interface ServerConnection {
  readonly temporal: Client;
  /** Brings the embedded stack back where it is gone; a configured server comes back by itself. Never throws. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

interface Where {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly onStep: (line: string) => void;
}

/** Connects to the configured Temporal server, else to the embedded stack, which is started where it is not up. */
export async function connectServer({ home, env, onStep }: Where): Promise<ServerConnection> {
  const configured = configuredTemporal(env);
  if (configured !== null) {
    const temporal = await connectTemporal(configured);
    return { temporal, revive: async () => undefined, close: () => temporal.connection.close() };
  }
  const stack = await ensureStack({ home, env, onProgress: onStep });
  const temporal = await connectTemporal({ address: stack.address, namespace: stack.namespace });
  return {
    temporal,
    // The home remembers its port, so that the connection we have finds the server again.
    revive: () => ensureStack({ home, env, onProgress: onStep }).then(() => undefined, (error: unknown) => onStep(error instanceof Error ? error.message : String(error))),
    async close() {
      await temporal.connection.close();
      await stack.release();
    },
  };
}
