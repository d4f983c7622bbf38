import type { Client } from "@temporalio/client";
import { connectTemporal, type TemporalTarget } from "../../client/connect-temporal.js";
import { ensureStack } from "../../stack/ensure-stack.js";
import { readStackState } from "../../stack/state-file.js";

export interface ServerConnection {
  readonly temporal: Client;
  /** Brings the embedded stack back where it was killed; a named server comes back by itself. Never throws. */
  revive(): Promise<void>;
  close(): Promise<void>;
}

interface Where {
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** `null`: the embedded stack. */
  readonly target: TemporalTarget | null;
  readonly onStep: (line: string) => void;
}

/** Connects to the named Temporal server, else to the embedded stack, which is started where it is not up. */
export async function connectServer({ home, env, target, onStep }: Where): Promise<ServerConnection> {
  if (target !== null) {
    const temporal = await connectTemporal(target);
    return { temporal, revive: async () => undefined, close: () => temporal.connection.close() };
  }
  const stack = await ensureStack({ home, env, onProgress: onStep });
  const temporal = await connectTemporal({ address: stack.address, namespace: stack.namespace });
  let told = false;
  return {
    temporal,
    async revive() {
      // A killed stack leaves its state behind; one that was told to stop does not, and must not be brought back against a person's will.
      if (readStackState(home) === null) {
        if (!told) onStep("The embedded stack was stopped. The run goes on when it is up again: rlm up");
        told = true;
        return;
      }
      told = false;
      // The home remembers its port, so that the connection we have finds the server again.
      await ensureStack({ home, env, onProgress: onStep }).catch((error: unknown) => onStep(error instanceof Error ? error.message : String(error)));
    },
    async close() {
      await temporal.connection.close();
      await stack.release();
    },
  };
}
