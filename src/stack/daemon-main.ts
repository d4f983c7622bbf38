// Program: node daemon-main.js --home DIRECTORY [--ui] [--worker-command JSON]
// The embedded stack as a background process. Its output is the home's stack log. Exit code 1 when it could not start.
import { parseArgs } from "node:util";
import { z } from "zod";
import { StackError } from "./errors.js";
import { runStack } from "./run-stack.js";

const { values } = parseArgs({
  options: { "home": { type: "string" }, "ui": { type: "boolean", default: false }, "worker-command": { type: "string" } },
});
if (values.home === undefined) throw new Error("usage: daemon-main --home DIRECTORY [--ui] [--worker-command JSON]");

const log = (line: string): void => { process.stdout.write(`${new Date().toISOString()} [${process.pid}] ${line}\n`); };
const workerCommand = values["worker-command"];

try {
  await runStack({
    home: values.home, env: process.env, log, ui: values.ui,
    ...(workerCommand === undefined ? {} : { workerCommand: z.array(z.string()).min(1).parse(JSON.parse(workerCommand)) }),
  });
  log("Ended.");
  process.exit(0);
} catch (error) {
  log(error instanceof StackError ? `${error.message} ${error.hint}` : String(error));
  process.exit(1);
}
