// Summary of a book that fits no context, and a question about it: what marked each month of an expedition, and who led it at the end?
// node dist/examples/long-summary.js [--bytes 10000000] [--seed 1]
import { rlm, signature } from "durable-rlm";
import { readArguments, report } from "./arguments.js";
import { generateDiary } from "./data/diary.js";

const { text, truth } = generateDiary(readArguments());

const task = signature("diary -> events: list[{ month: str, kind: 'storm' | 'illness' | 'theft' | 'discovery' | 'mutiny' }], leader: str, summary: str").withInstructions(
  "The diary of an expedition, a page a day. Each month is marked by one event, told in one sentence: give its kind for every month (`1874-01`), in order. `leader`: who is in command at the end; the command changes hands, and the diary says so in passing. `summary`: the whole in at most ten sentences.",
);
report(await rlm(task, { maxLlmCalls: 5000 }).run({ diary: text }), truth);
