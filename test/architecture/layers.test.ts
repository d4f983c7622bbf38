import { spawnSync } from "node:child_process";
import { mkdirSync, copyFileSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { beforeAll, expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";

/** What the linter would say about files of this project: rule, message and cure, one line a fault. One run for all: its start is most of its work. */
async function lint(files: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
  const root = await mkdtemp(path.join(tmpdir(), "durable-rlm-layers-"));
  try {
    copyFileSync(path.join(packageRoot(), ".oxlintrc.json"), path.join(root, ".oxlintrc.json"));
    for (const [file, code] of files) {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), `${code}\n`);
    }
    const oxlint = path.join(packageRoot(), "node_modules", "oxlint", "bin", "oxlint");
    const { stdout } = spawnSync(process.execPath, [oxlint, "--format", "json"], { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
    const { diagnostics, number_of_files: seen } = JSON.parse(stdout) as { number_of_files: number; diagnostics: { filename: string; code: string; message: string; help?: string }[] };
    expect(seen).toBe(files.size);
    const said = (file: string): string => diagnostics.filter(({ filename }) => filename === file).map(({ code: rule, message, help }) => `${rule} ${message} ${help ?? ""}`).join("\n");
    return new Map([...files.keys()].map((file) => [file, said(file)]));
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

const importing = (from: string): string => `import { something } from "${from}";\nexport const used = something;`;

const PURE = "src/core is pure";
const WORKFLOW = "everything else would be bundled silently";
const THIN = "Activities are thin";
const NO_TEMPORAL = "knows nothing of Temporal";
const NOT_EACH_OTHER = "Adapters do not import each other";

const REFUSED = [
  ["src/core/a.ts", importing("node:fs"), PURE],
  ["src/core/a.ts", importing("zod"), PURE],
  ["src/core/a.ts", importing("../model/errors.js"), PURE],
  ["src/core/a.ts", "export const nowMs = Date.now();", "Time is passed in"],
  ["src/core/a.ts", "export const dice = Math.random();", "Randomness is passed in"],
  ["src/core/a.ts", "export const home = process.cwd();", "no-restricted-globals"],
  ["workflows/a.ts", importing("openai"), WORKFLOW],
  ["workflows/a.ts", importing("@temporalio/client"), WORKFLOW],
  ["workflows/a.ts", importing("../src/model/errors.js"), WORKFLOW],
  ["workflows/a.ts", importing("../activities/plan-turn.js"), WORKFLOW],
  ["activities/a.ts", importing("../worker/config.js"), THIN],
  ["activities/a.ts", importing("openai"), THIN],
  ["src/repl/a.ts", importing("@temporalio/client"), NO_TEMPORAL],
  ["src/runner/a.ts", importing("@temporalio/activity"), NO_TEMPORAL],
  ["src/model/a.ts", importing("../store/errors.js"), NOT_EACH_OTHER],
  ["src/repl/child/a.ts", importing("../../store/errors.js"), NOT_EACH_OTHER],
  ["src/store/a.ts", "export const home = process.env['RLM_HOME'];", "Settings are arguments here"],
  ["src/client/a.ts", importing("@temporalio/worker"), "The store is injected"],
  ["src/api/a.ts", importing("../cli/exit-code.js"), "The API stands below the command line"],
  ["src/api/a.ts", importing("../runner/base-image.js"), "The API stands below the command line"],
  ["src/api/compose/a.ts", importing("../../cli/exit-code.js"), "The API stands below the command line"],
  ["src/cli/actions/a.ts", importing("../../../worker/config.js"), "starts the worker as a process"],
  ["src/dashboard/a.ts", importing("@temporalio/client"), "a face of src/client"],
  ["src/dashboard/page/a.js", "document.body.innerHTML = \"x\";", "shown as text"],
  ["examples/a.ts", importing("../src/api/rlm.js"), "Examples are programs of users"],
  ["src/model/a.ts", "console.log(1);", "no-console"],
  ["test/a.test.ts", "export const value: any = 1;", "no-explicit-any"],
] as const;

const ALLOWED = [
  ["src/core/a.ts", importing("./usage.js")],
  ["workflows/a.ts", `${importing("@temporalio/workflow")}\nexport type { PlanArgs } from "../src/core/wire.js";`],
  ["workflows/a.ts", "import type { createRunActivities } from \"../activities/run-activities.js\";\nexport type Made = ReturnType<typeof createRunActivities>;"],
  ["activities/a.ts", importing("../src/runner/cell-runner.js")],
  ["src/repl/child/a.ts", importing("../../snapshot/boot.js")],
  ["src/model/a.ts", importing("openai")],
  ["worker/a.ts", importing("../src/store/local-blob-store.js")],
  ["examples/a.ts", importing("durable-rlm")],
] as const;

/** Several cases are about one folder: each gets a file of its own. */
const refused = REFUSED.map(([file, code, message], index) => ({ file: file.replace("a.", `refused-${index}.`), code, message }));
const allowed = ALLOWED.map(([file, code], index) => ({ file: file.replace("a.", `allowed-${index}.`), code }));

let said: ReadonlyMap<string, string>;
beforeAll(async () => {
  said = await lint(new Map([...refused, ...allowed].map(({ file, code }) => [file, code])));
});

it.each(refused)("refuses in $file: $code", ({ file, message }) => {
  expect(said.get(file)).toContain(message);
});

it.each(allowed)("allows in $file: $code", ({ file }) => {
  expect(said.get(file)).toBe("");
});
