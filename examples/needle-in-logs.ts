// A needle in a haystack: one line of a long log says which code opens a gate; it has no word that could be searched for, and many lines look like it.
// node dist/examples/needle-in-logs.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateDepotLog } from "./data/depot-log.js";

const { text, site, truth } = generateDepotLog(readArguments());

const task = signature("log, question -> code: str, line: str").withInstructions(
  "The log of a chain of depots: machines write most of it, people talk on the radio in between. Give the code that is in force, and the whole log line that says so.",
);
report(await rlm(task, { maxLlmCalls: 100 }).run({ log: text, question: `Which code opens the gate at ${site} now?` }), truth);
