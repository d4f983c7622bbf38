import { DATE_STYLES, isoDay } from "../../../examples/data/letters.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { turn } from "./turn.js";

const MARK = "first lines of old letters";

const TURNS = [
  turn("How many letters, and where does a letter say when it was written?", `
pile = letters.split("\\n\\n\\n")
heads = [letter.split("\\n", 1)[0] for letter in pile]
print(len(pile))
print("\\n".join(heads[:12]))
`),
  turn("The first line has place and date. The plain English styles are read by code; the same texts come again and again, so each of the others is asked only once.", `
import re
from datetime import date, datetime
def by_code(head):
    text = re.sub(r"(\\d+)(st|nd|rd|th)\\b", r"\\1", head.split(", ", 1)[1])
    for form in ("%d %B %Y", "%B %d, %Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form).date()
        except ValueError:
            pass
known = {head: by_code(head) for head in set(heads)}
unknown = sorted({head.split(", ", 1)[1] for head in known if known[head] is None})
groups = [unknown[i:i + 200] for i in range(0, len(unknown), 200)]
def ask(group):
    return "These are dates from the ${MARK}, in several languages and styles. Reply with them as ISO dates, in the same order, as many as there are.\\n\\n" + "\\n".join(group)
sample = llm_query(ask(unknown[:5]), schema=list[date])
print(len(known), len(unknown), len(groups), list(zip(unknown, sample)))
`),
  turn("Right. All groups, with a look at the lengths: a group whose answer does not fit must be asked again.", `
read = {}
replies = llm_query_batched([ask(group) for group in groups], schema=list[date])
for group, reply in zip(groups, replies):
    if reply and len(reply) == len(group):
        read.update(zip(group, reply))
print(len(read), len(unknown))
dates = [known[head] or read[head.split(", ", 1)[1]] for head in heads]
print(min(dates), max(dates))
`),
  turn("Counting by year, in code.", `
from collections import Counter
per_year = Counter(str(day.year) for day in dates)
assert sum(per_year.values()) == len(pile)
SUBMIT(earliest=min(dates), latest=max(dates), per_year=dict(per_year))
`),
];

function answer(prompt: string): string {
  const [, list = ""] = prompt.split("\n\n");
  return JSON.stringify(list.split("\n").map((text) => {
    const day = DATE_STYLES.map(({ read }) => read(text)).find((found) => found !== null);
    return day === undefined || day === null ? "unknown" : isoDay(day);
  }));
}

export const FUZZY_DATES_MODEL: readonly ScriptedRule[] = [
  { name: "dates-root", when: { model: "scripted-root", system: "`letters` is a pile of old letters" }, turns: TURNS },
  { name: "dates-sub", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => answer(last) },
];
