// Counts a CI run: `node ci-summary.mjs STAGES.tsv TESTS.json`. Plain JavaScript, because it must speak also when the build has failed.
import { readFileSync } from "node:fs";
import path from "node:path";

const [stagesFile = "", testsFile = ""] = process.argv.slice(2);

/** Lines of `.ci/run`: name, seconds, exit code. */
const stages = readFileSync(stagesFile, "utf8").split("\n").filter(Boolean).map((line) => {
  const [name, seconds, code] = line.split("\t");
  return { name, seconds: Number(seconds), failed: code !== "0" };
});

/** Files of Vitest's JSON reporter; `null` when the tests never got so far. */
function readTestFiles() {
  try {
    return JSON.parse(readFileSync(testsFile, "utf8")).testResults;
  } catch {
    return null;
  }
}

const files = readTestFiles() ?? [];
const tests = files.flatMap(({ name, assertionResults }) =>
  assertionResults.map(({ fullName, status }) => ({ status, title: `${path.relative(process.cwd(), name)} > ${fullName}` })));
const withStatus = (wanted) => tests.filter(({ status }) => status === wanted).map(({ title }) => title);
const passed = withStatus("passed");
const skipped = tests.filter(({ status }) => status !== "passed" && status !== "failed").map(({ title }) => title);
const failedTests = withStatus("failed");
// A file that cannot be loaded, or whose hooks fail, has no failed test of its own.
const failedFiles = files
  .filter(({ status, assertionResults }) => status === "failed" && assertionResults.every((test) => test.status !== "failed"))
  .map(({ name }) => path.relative(process.cwd(), name));
const failed = [...failedTests, ...failedFiles];
// A failed test stage is counted by its tests; where none failed it was something else: the build, a time limit, an error outside any test.
for (const { name } of stages.filter((stage) => stage.failed)) if (name !== "tests" || failed.length === 0) failed.push(`stage "${name}"`);
if (files.length === 0 && failed.length === 0) failed.push("no test ran");

for (const { name, seconds, failed: bad } of stages) console.log(`${String(seconds).padStart(5)} s  ${name}${bad ? "  FAILED" : ""}`);
for (const title of failed) console.log(`FAILED   ${title}`);
for (const title of skipped) console.log(`SKIPPED  ${title} (every test must run: mend it or remove it)`);
console.log(`${passed.length} passed, ${failed.length} failed${skipped.length === 0 ? "" : `, ${skipped.length} skipped`}`);
process.exitCode = failed.length + skipped.length === 0 ? 0 : 1;
