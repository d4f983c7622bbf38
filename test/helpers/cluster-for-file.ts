import { afterAll } from "vitest";
import { TestCluster } from "./cluster.js";

/** A server for the tests of a file, without a worker; gone after them. To be awaited at the file's top. */
export async function clusterForFile(...options: Parameters<typeof TestCluster.start>): Promise<TestCluster> {
  const cluster = await TestCluster.start(...options);
  afterAll(() => cluster[Symbol.asyncDispose]());
  return cluster;
}
