import { CATEGORIES, COMPLAINTS } from "../../../examples/data/reviews.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { turn } from "./turn.js";

const MARK = "reviews of a shop, one a line";

const TURNS = [
  turn("How many reviews, how long, and what do they look like?", `
lines = reviews.splitlines()
print(len(lines), sum(map(len, lines)) // len(lines))
print("\\n".join(lines[:3] + lines[len(lines) // 2:len(lines) // 2 + 3]))
`),
  turn("Words do not tell praise from complaint here, so each must be read: 300 to a call. The reply has letters instead of words, so that it stays short. One piece to try.", `
CODES = {"d": "delivery", "b": "durability", "p": "price", "s": "support", "u": "usability", "c": "content"}
chunks = [lines[i:i + 300] for i in range(0, len(lines), 300)]
def ask(chunk):
    return """These are ${MARK}. What does each complain about?
d: it came late, damaged or not at all; b: it broke or wears out; p: it costs too much; s: nobody helped; u: it is hard to use; c: no complaint.
Reply with one line for each review, its id, a space and the letter; nothing else.

""" + "\\n".join(chunk)
def labels_of(reply):
    return dict(line.split() for line in reply.splitlines() if len(line.split()) == 2)
labels = labels_of(llm_query(ask(chunks[0])))
print(len(chunks), len(labels), [(line, labels.get(line.split("\\t")[0])) for line in chunks[0][:3]])
`),
  turn("It reads them well. All the others in one batch; then those that are missing or have no known letter once more.", `
todo = chunks[1:]
for attempt in range(2):
    for reply in llm_query_batched([ask(chunk) for chunk in todo]):
        labels.update(labels_of(reply or ""))
    missing = [line for line in lines if labels.get(line.split("\\t")[0]) not in CODES]
    todo = [missing[i:i + 300] for i in range(0, len(missing), 300)]
    if not todo:
        break
print(len(labels), len(missing))
`),
  turn("Every review has a label. Counting is for code.", `
from collections import Counter
counts = {name: 0 for name in CODES.values()} | Counter(CODES[letter] for letter in labels.values())
assert sum(counts.values()) == len(lines)
worst = max((name for name in counts if name != "content"), key=counts.get)
SUBMIT(counts=dict(counts), worst=worst)
`),
];

const LETTERS = { delivery: "d", durability: "b", price: "p", support: "s", usability: "u" } as const;

function answer(prompt: string): string {
  return [...prompt.matchAll(/^(r\d+)\t(.*)$/gm)].map(([, id, text = ""]) => {
    const category = CATEGORIES.find((name) => COMPLAINTS[name].some((sentence) => text.includes(sentence)));
    return `${id} ${category === undefined ? "c" : LETTERS[category]}`;
  }).join("\n");
}

export const REVIEWS_MODEL: readonly ScriptedRule[] = [
  { name: "reviews-root", when: { model: "scripted-root", system: "`reviews` has one review a line" }, turns: TURNS },
  { name: "reviews-sub", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => answer(last) },
];
