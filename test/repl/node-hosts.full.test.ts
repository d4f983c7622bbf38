import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import { obtainNode } from "../helpers/obtain-node.js";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "rlm-nodes-"));
});
afterAll(() => rmSync(directory, { recursive: true }));

const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

it.each(["20.19", "20", "22", "24"])("keeps all 52 kinds of state and the whole input over a kill, on a host with Node %s", (release) => {
  const workDir = join(directory, `work-${release}`);
  mkdirSync(workDir);
  const said = execFileSync(obtainNode(directory, release), [fixture("fixtures/fidelity-host.mjs"), workDir, fixture("fidelity/make-state.py"), fixture("fidelity/check-state.py")], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const report = JSON.parse(said) as { readonly node: string };
  expect(report).toMatchObject({ error: null, checks: 52, failed: {}, inputIsWhole: true });
  expect(report.node).toMatch(new RegExp(`^v${release.replace(".", "\\.")}\\.`));
});
