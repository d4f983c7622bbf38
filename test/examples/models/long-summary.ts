import { EVENT_KINDS, EVENTS, HANDOVERS } from "../../../examples/data/diary.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { readWording } from "./read-wording.js";
import { turn } from "./turn.js";

const MARK = "pages of the diary of an expedition";
const SUMMARY_MARK = "Write the summary of an expedition";

const TURNS = [
  turn("The book is long. How are its pages laid out, and how long is a month?", `
import re
from collections import defaultdict
print(f"{len(diary):,}", diary[:700])
pages = re.split(r"(?m)^## (?=\\d{4}-)", diary)[1:]
months = defaultdict(list)
for page in pages:
    months[page[:7]].append(page)
print(len(pages), {month: sum(map(len, days)) for month, days in months.items()})
`),
  turn("What marks a month is in one sentence that no word gives away: all of it must be read. Pieces of about 100,000 characters, none across two months; first one to try.", `
pieces = []
for month, days in months.items():
    piece = ""
    for day in days:
        if piece and len(piece) + len(day) > 100_000:
            pieces.append((month, piece))
            piece = ""
        piece += day
    pieces.append((month, piece))

SHAPE = {"event": "'storm' | 'illness' | 'theft' | 'discovery' | 'mutiny' | None", "command": "list[{ day: str, to: str }]"}
def ask(month, piece):
    return f"""These are ${MARK}. Dreams, jokes and wishes do not count.
event: the kind of the one event out of the ordinary, null if there is none here.
command: for each change of command the day (YYYY-MM-DD) and the name of the one who has it then.

{piece}"""
print(len(pieces), llm_query(ask(*pieces[0]), schema=SHAPE))
`),
  turn("That works. All pieces, 200 at a time, and the months put together in code.", `
found = []
for i in range(0, len(pieces), 200):
    found += llm_query_batched([ask(*piece) for piece in pieces[i:i + 200]], schema=SHAPE)
print([i for i, one in enumerate(found) if not one])
events = [{"month": month, "kind": one["event"]} for (month, _), one in zip(pieces, found) if one["event"]]
changes = sorted((change["day"], change["to"]) for one in found for change in one["command"])
print(len(events), len(months), changes)
`),
  turn("One event a month, as it should be. Now the summary, from what was found.", `
assert [event["month"] for event in events] == list(months)
notes = "\\n".join([*(f"{event['month']}: {event['kind']}" for event in events), *(f"{day}: command goes to {to}" for day, to in changes)])
summary = llm_query("${SUMMARY_MARK} in at most ten sentences, from these notes.\\n\\n" + notes)
SUBMIT(events=events, leader=changes[-1][1], summary=summary)
`),
];

function readPages(prompt: string): string {
  const event = EVENT_KINDS.find((kind) => EVENTS[kind].some((sentence) => prompt.includes(sentence))) ?? null;
  const command = prompt.split(/^(?=\d{4}-\d\d-\d\d$)/m).flatMap((page) => {
    const said = readWording(HANDOVERS, page.replaceAll(". ", ".\n"));
    return said === null ? [] : [{ day: page.slice(0, 10), to: said["to"] }];
  });
  return JSON.stringify({ event, command });
}

function summarize(prompt: string): string {
  const notes = [...prompt.matchAll(/^([\d-]+): (.*)$/gm)];
  const kinds = [...new Set(notes.flatMap(([, , what = ""]) => (what.includes(" ") ? [] : [what])))];
  return `The expedition lasted from ${notes.find(([, day = ""]) => day.length === 7)?.[1] ?? "?"} on. It met with ${kinds.join(", ")}. At the end, ${notes.at(-1)?.[2] ?? "?"}.`;
}

export const SUMMARY_MODEL: readonly ScriptedRule[] = [
  { name: "summary-root", when: { model: "scripted-root", system: "The diary of an expedition" }, turns: TURNS },
  { name: "summary-pages", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => readPages(last) },
  { name: "summary-text", when: { model: "scripted-sub", last: SUMMARY_MARK }, reply: ({ last }) => summarize(last) },
];
