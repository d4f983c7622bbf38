import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { chooseDemoModel } from "./choose-demo-model.js";
import { checkAnswer, type DemoAnswer } from "./check-answer.js";
import { killWorkerInMidCell } from "./kill-worker.js";
import { DEMO_TASK } from "./demo-task.js";
import { printLedger } from "./print-ledger.js";
import { rlm, rlmAttached } from "./rlm-process.js";
import { findDemoCli } from "./temporal-for-demo.js";
import { writeIncidentLog } from "./write-incident-log.js";

const HELP = `Runs the main job once: "${DEMO_TASK.question}" over a generated log of about 20 MB.

  npm run demo                      a new log each time
  npm run demo -- --seed 42         the same log again
  npm run demo -- --kill            SIGKILL the worker in mid-cell and watch the run finish
  npm run demo -- --bytes 20000000  size of the log

Without OPENAI_API_KEY and OPENAI_BASE_URL a scripted model answers; with one of them, the model named by RLM_MODEL does.
`;

/** The demo's commands share a home of their own, which is gone at the end. */
async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { seed: { type: "string" }, bytes: { type: "string", default: "20000000" }, kill: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) return say(HELP, 0);
  const bytes = Number(values.bytes);
  if (!Number.isSafeInteger(bytes) || bytes < 1_000_000) return say(`--bytes is "${values.bytes}"; it is a whole number, at least 1000000.\n`, 2);
  if (values.kill && (process.env["OPENAI_API_KEY"] || process.env["OPENAI_BASE_URL"])) {
    return say("--kill shows what was sent twice by the scripted model server's ledger. Unset OPENAI_API_KEY and OPENAI_BASE_URL for it.\n", 2);
  }
  const seed = values.seed ?? String(Math.floor(Math.random() * 1e9));

  const directory = mkdtempSync(path.join(tmpdir(), "durable-rlm-demo-"));
  const model = await chooseDemoModel(process.env);
  const cli = await findDemoCli(process.env);
  const env = { ...process.env, ...model.env, ...(cli === null ? {} : { RLM_TEMPORAL_CLI: cli }), RLM_HOME: path.join(directory, "home") };
  const id = "demo";
  try {
    say(`${model.description}\n`);
    const log = writeIncidentLog(path.join(directory, "shop.log"), seed, bytes);
    say(`Log: ${(log.bytes / 1e6).toFixed(1)} MB, ${log.lines} lines, seed ${seed}.\nQuestion: ${DEMO_TASK.question}\n\n`);
    const running = rlmAttached(env, [
      "run", "--verbose", "--id", id, "-s", DEMO_TASK.signature, "--instructions", DEMO_TASK.instructions,
      "-i", `logs=@${log.file}`, "-i", `question=${DEMO_TASK.question}`, "--max-llm-calls", "100",
    ]);
    const { ledger } = model;
    const answeredSubCalls = (): number => ledger?.().filter(({ rule, answered }) => rule === "demo-sub" && answered).length ?? 0;
    const { ended } = running;
    const killed = !values.kill || (await killWorkerInMidCell({ env, ended, answeredSubCalls, say: (line) => say(`\n*** ${line}\n\n`) }));
    const exitCode = await ended;
    if (ledger !== null) printLedger(ledger(), values.kill, say);
    if (!killed) say("The run was over before its worker could be killed in mid-cell; try again.\n");
    if (exitCode !== 0) return exitCode;
    const { outputs } = JSON.parse((await rlm(env, ["result", id, "--json"])).stdout) as { outputs: DemoAnswer };
    return checkAnswer(outputs, log.truth, say) && killed ? 0 : 1;
  } finally {
    await rlm(env, ["down"]);
    await model.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

function say(text: string, exitCode = 0): number {
  process.stdout.write(text);
  return exitCode;
}

// Ctrl-C reaches the command on this terminal too: it ends, and the demo goes on to clean up.
process.on("SIGINT", () => undefined);

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
