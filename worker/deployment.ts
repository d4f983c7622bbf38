import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { WorkerOptions } from "@temporalio/worker";
import { z } from "zod";
import { packageVersions } from "../src/stack/package-files.js";
import { workflowBundlePath } from "./workflow-bundle.js";

/** A version of Temporal's worker versioning: what this worker is a part of. */
export interface WorkerDeployment {
  readonly name: string;
  readonly buildId: string;
}

/** Named as Temporal's own documents and its Kubernetes controller name them. Separators of Temporal's are refused, as the server does. */
export const deploymentVariables = {
  TEMPORAL_DEPLOYMENT_NAME: z.string().max(200).regex(/^(?!__)[^.:]+$/, "a name without \".\" and \":\" that does not begin with \"__\"").optional(),
  TEMPORAL_WORKER_BUILD_ID: z.string().max(200).regex(/^[^:]+$/, "an id without \":\"").optional(),
};

/**
 * The deployment of a worker, or `null`: versioning is off unless a name is given. The build id is that of the program itself when none is given.
 * @throws Error a build id without a name
 */
export function resolveDeployment(name: string | undefined, buildId: string | undefined): WorkerDeployment | null {
  if (name !== undefined) return { name, buildId: buildId ?? ownBuildId() };
  if (buildId === undefined) return null;
  throw new Error(`TEMPORAL_WORKER_BUILD_ID is "${buildId}", and no deployment is named. Set TEMPORAL_DEPLOYMENT_NAME (rlm worker --deployment) too, or neither.`);
}

/**
 * For the queues whose tasks belong to a version of the program: workflows, and the activities that read and write their state. Not for queues that a
 * name of their own ties to what may run there: sandboxes (their build), sessions (one process), tools (a digest of them).
 * Source: docs/decisions/2026-11-23-what-is-versioned.md.
 */
export function versioned(deployment: WorkerDeployment | null): Pick<WorkerOptions, "workerDeploymentOptions"> {
  if (deployment === null) return {};
  const version = { deploymentName: deployment.name, buildId: deployment.buildId };
  return { workerDeploymentOptions: { version, useWorkerVersioning: true, defaultVersioningBehavior: "PINNED" } };
}

/** Another one whenever the workflows or the package's version are. */
function ownBuildId(): string {
  return `${packageVersions().package}-${createHash("sha256").update(readFileSync(workflowBundlePath())).digest("hex").slice(0, 12)}`;
}
