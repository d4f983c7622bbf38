import type { RunClient } from "../../src/client/run-client.js";
import { factsOf } from "../helpers/facts-of.js";

/** The worker where the run's session was last, by the queue that its last step named; `null`: it has none yet. */
export async function sessionHolder(client: RunClient, workflowId: string): Promise<string | null> {
  const queues = (await factsOf(client, workflowId)).flatMap((fact) => (fact.type === "activity-completed" ? sessionQueues(fact.result) : []));
  return queues.at(-1)?.split("@")[1] ?? null;
}

/** A step's result, alone or behind a call that was made with it. */
function sessionQueues(result: unknown): string[] {
  const { sessionQueue, step } = (result ?? {}) as { sessionQueue?: unknown; step?: { sessionQueue?: unknown } };
  return [sessionQueue, step?.sessionQueue].filter((queue) => typeof queue === "string");
}
