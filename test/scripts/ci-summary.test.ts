import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { packageRoot } from "../../src/stack/package-files.js";
import { tempDir } from "../helpers/temp-dir.js";

const OK = "install\t40\t0\nlint\t9\t0\ntests\t300\t0\n";

interface FileResult {
  readonly status: "passed" | "failed";
  readonly tests: Readonly<Record<string, string>>;
}

/** Runs the program on a run's records; `files: null`: Vitest wrote nothing. */
async function summarize(stages: string, files: Readonly<Record<string, FileResult>> | null): Promise<{ lines: string[]; exitCode: number | null }> {
  const directory = await tempDir();
  const [stagesFile, testsFile] = [path.join(directory, "stages.tsv"), path.join(directory, "tests.json")];
  writeFileSync(stagesFile, stages);
  const testResults = Object.entries(files ?? {}).map(([name, { status, tests }]) => ({
    name: path.join(packageRoot(), name),
    status,
    assertionResults: Object.entries(tests).map(([fullName, result]) => ({ fullName, status: result })),
  }));
  if (files !== null) writeFileSync(testsFile, JSON.stringify({ testResults }));
  const { stdout, status } = spawnSync(process.execPath, ["scripts/ci-summary.mjs", stagesFile, testsFile], { cwd: packageRoot(), encoding: "utf8" });
  return { lines: stdout.trimEnd().split("\n"), exitCode: status };
}

it("ends with the counts, and with exit code 0 when everything passed", async () => {
  const { lines, exitCode } = await summarize(OK, { "test/a.test.ts": { status: "passed", tests: { one: "passed", two: "passed" } } });
  expect(lines).toEqual(["   40 s  install", "    9 s  lint", "  300 s  tests", "2 passed, 0 failed"]);
  expect(exitCode).toBe(0);
});

it("counts a failed test once, not also as a failed stage", async () => {
  const { lines, exitCode } = await summarize("tests\t5\t1\n", { "test/a.test.ts": { status: "failed", tests: { one: "passed", two: "failed" } } });
  expect(lines.slice(-2)).toEqual(["FAILED   test/a.test.ts > two", "1 passed, 1 failed"]);
  expect(exitCode).toBe(1);
});

it("counts a file that could not be loaded", async () => {
  const { lines } = await summarize("tests\t5\t1\n", { "test/a.test.ts": { status: "passed", tests: { one: "passed" } }, "test/b.test.ts": { status: "failed", tests: {} } });
  expect(lines.slice(-2)).toEqual(["FAILED   test/b.test.ts", "1 passed, 1 failed"]);
});

it("fails for a skipped test, and names it", async () => {
  const { lines, exitCode } = await summarize(OK, { "test/a.test.ts": { status: "passed", tests: { one: "passed", two: "skipped", three: "todo" } } });
  expect(lines.slice(-3)).toEqual([
    "SKIPPED  test/a.test.ts > two (every test must run: mend it or remove it)",
    "SKIPPED  test/a.test.ts > three (every test must run: mend it or remove it)",
    "1 passed, 0 failed, 2 skipped",
  ]);
  expect(exitCode).toBe(1);
});

it("counts a failed stage as one failure beside the tests", async () => {
  const { lines, exitCode } = await summarize(OK.replace("9\t0", "9\t1"), { "test/a.test.ts": { status: "passed", tests: { one: "passed" } } });
  expect(lines.slice(-2)).toEqual(['FAILED   stage "lint"', "1 passed, 1 failed"]);
  expect(exitCode).toBe(1);
});

it("fails when the tests never started, and when they ended badly though each passed", async () => {
  expect((await summarize("install\t3\t1\n", null)).lines.slice(-2)).toEqual(['FAILED   stage "install"', "0 passed, 1 failed"]);
  expect((await summarize(OK, null)).lines.slice(-2)).toEqual(["FAILED   no test ran", "0 passed, 1 failed"]);
  const timedOut = await summarize("tests\t900\t124\n", { "test/a.test.ts": { status: "passed", tests: { one: "passed" } } });
  expect(timedOut.lines.slice(-2)).toEqual(['FAILED   stage "tests"', "1 passed, 1 failed"]);
});
