import { describe, expect, it } from "vitest";
import { resolveWorkerConfig } from "../../worker/config.js";
import { versioned } from "../../worker/deployment.js";

const deploymentOf = (env: Record<string, string>) => resolveWorkerConfig({ RLM_HOME: "/home/of/tests", ...env }, 8 * 2 ** 30).deployment;

describe("the deployment of a worker", () => {
  it("is none unless one is named, and then nothing is versioned", () => {
    expect(deploymentOf({})).toBeNull();
    expect(deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: "" })).toBeNull();
    expect(versioned(null)).toEqual({});
  });

  it("has the build id that is given, else that of the program", () => {
    expect(deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: "rlm", TEMPORAL_WORKER_BUILD_ID: "2026-11-23.1" })).toEqual({ name: "rlm", buildId: "2026-11-23.1" });
    const own = deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: "team/rlm" });
    expect(own?.buildId).toMatch(/^\d+\.\d+\.\d+-[0-9a-f]{12}$/);
    expect(versioned(own)).toMatchObject({ workerDeploymentOptions: { version: { deploymentName: "team/rlm", buildId: own?.buildId }, defaultVersioningBehavior: "PINNED" } });
  });

  it("is refused at the door when the server would not take it, with the cure", () => {
    expect(() => deploymentOf({ TEMPORAL_WORKER_BUILD_ID: "7" })).toThrow("TEMPORAL_WORKER_BUILD_ID is \"7\", and no deployment is named. Set TEMPORAL_DEPLOYMENT_NAME (rlm worker --deployment) too, or neither.");
    for (const name of ["a.b", "a:b", "__system"]) expect(() => deploymentOf({ TEMPORAL_DEPLOYMENT_NAME: name }), name).toThrow(/TEMPORAL_DEPLOYMENT_NAME: .*Correct the variables/s);
  });
});
