import { CODE_IS_SET } from "../../../examples/data/depot-log.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { readWording } from "./read-wording.js";
import { turn } from "./turn.js";

const MARK = "radio messages of people in depots";

const TURNS = [
  turn("First the size of the log, its shape and who writes to it.", `
from collections import Counter
import re
print(len(log), question)
print(log[:600])
kinds = Counter(line.split(": ")[0][20:] for line in log.splitlines())
print(kinds)
`),
  turn("Machines write nearly everything; people talk on the radio. What they say differs in wording, so it must be read. I try my question on one piece.", `
talk = [line for line in log.splitlines() if " radio: " in line]
chunks = [talk[i:i + 40] for i in range(0, len(talk), 40)]
def ask(chunk):
    numbered = "\\n".join(f"{n}. {line}" for n, line in enumerate(chunk, 1))
    return f"""These are ${MARK}.
Question: {question}
Which of them say that a code IS in force at the place of the question (not that someone proposes, tries or refuses one)?
Reply with a JSON list of objects with the keys number and code, [] if there is none.

{numbered}"""
print(len(talk), len(chunks), llm_query(ask(chunks[0]), schema=list[dict]))
`),
  turn("Now all of them in one batch. The latest line that counts holds.", `
replies = llm_query_batched([ask(chunk) for chunk in chunks], schema=list[dict])
found = [(chunk[hit["number"] - 1], str(hit["code"])) for chunk, hits in zip(chunks, replies) for hit in hits]
print(found, [i for i, reply in enumerate(replies) if reply is None])
line, code = max(found)
assert code in line and log.count(line) == 1
SUBMIT(code=code, line=line)
`),
];

function answer(prompt: string): string {
  const site = /at (\w+) now\?/.exec(prompt)?.[1];
  const hits = [...prompt.matchAll(/^(\d+)\. (.*)$/gm)].flatMap(([, number, line = ""]) => {
    const said = readWording(CODE_IS_SET, line.replace(/^.*\] /, ""));
    return said !== null && said["site"] === site ? [{ number: Number(number), code: said["code"] }] : [];
  });
  return JSON.stringify(hits);
}

export const NEEDLE_MODEL: readonly ScriptedRule[] = [
  { name: "needle-root", when: { model: "scripted-root", system: "The log of a chain of depots" }, turns: TURNS },
  { name: "needle-sub", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => answer(last) },
];
