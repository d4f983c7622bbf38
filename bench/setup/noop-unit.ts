import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import type { Client } from "@temporalio/client";
import { compiledProgram } from "../../src/stack/package-files.js";
import { readHistory, spacings } from "../run-history.js";
import { median } from "../numbers.js";
import type { Cleanup } from "./cleanup.js";
import { ownChild, whenReady } from "./own-child.js";

const QUEUE = "bench-noop";

/** Milliseconds from one no-op activity to the next: the median over `count` of them. */
export type MeasureNoop = (count: number) => Promise<number>;

/** What this machine and this server need for the least step there is, so that figures of different machines can be compared. */
export async function startNoopUnit(client: Client, address: string, namespace: string, cleanup: Cleanup): Promise<MeasureNoop> {
  const child = fork(compiledProgram("bench/setup/noop-main.js"), [address, namespace, QUEUE], { detached: true, stdio: ["ignore", "ignore", "inherit", "ipc"] });
  ownChild(child, cleanup);
  await whenReady(child, "The worker of the no-op workflow", once(child, "message"), () => "");
  return async (count) => {
    const workflowId = `bench-noop-${randomUUID()}`;
    await client.workflow.execute("noops", { taskQueue: QUEUE, workflowId, args: [count] });
    return median(spacings((await readHistory(client, workflowId)).spans));
  };
}
