import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";
import { obtainNode } from "../helpers/obtain-node.js";
import { tempDir } from "../helpers/temp-dir.js";
import { testTemporalCli } from "../helpers/temporal-cli.js";

it.each(["20.19", "22", "24"])("answers the demo's question over a killed worker, with stack, worker and command line on Node %s", async (release) => {
  const home = await tempDir();
  const node = obtainNode(home, release);
  const env = { PATH: process.env["PATH"] ?? "", HOME: home, TMPDIR: home, RLM_TEMPORAL_CLI: await testTemporalCli() };
  const { stdout } = await promisify(execFile)(node, [path.join(packageRoot(), "dist", "src", "demo", "demo-main.js"), "--kill", "--bytes", "2000000"], { env });
  expect(stdout).toContain("RIGHT");
});
