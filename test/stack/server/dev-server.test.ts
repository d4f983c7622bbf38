import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isProcessAlive, readProcessIdentity } from "../../../src/stack/process/process-identity.js";
import { startTestTemporalServer, type TestTemporalServer } from "../../helpers/temporal-server.js";

let server: TestTemporalServer;
beforeAll(async () => { server = await startTestTemporalServer(); }, 240_000);
afterAll(() => server.stop());

it("keeps closed runs for 30 days", async () => {
  const connection = await Connection.connect({ address: server.address });
  const { config } = await connection.workflowService.describeNamespace({ namespace: server.namespace });
  await connection.close();
  expect(String(config?.workflowExecutionRetentionTtl?.seconds)).toBe(String(30 * 24 * 3600));
});

it("knows a workflow again after SIGKILL and restart, on the same address", async () => {
  const before = await Connection.connect({ address: server.address });
  await new Client({ connection: before }).workflow.start("nobodyRunsIt", { workflowId: "kept", taskQueue: "none" });
  await before.close();
  const killed = readProcessIdentity(server.pid);
  await server.kill();
  expect(killed !== null && isProcessAlive(killed)).toBe(false);
  await server.restart();
  const after = await Connection.connect({ address: server.address });
  const description = await new Client({ connection: after }).workflow.getHandle("kept").describe();
  await after.close();
  expect(description.status.name).toBe("RUNNING");
});
