import { CATEGORIES, COMPLAINTS, type Category } from "../../../examples/data/reviews.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { turn } from "./turn.js";

const LOOK = "In your own words, in one to three: what is each of these reviews unhappy with?";
const MERGE = "Which of these words mean the same?";
const SORT = "Put each of these reviews under the theme it is about.";

const TURNS = [
  turn("First a look, and a sample from all over: what do people complain about, in free words?", `
lines = reviews.splitlines()
sample = lines[:: max(1, len(lines) // 300)][:300]
def pairs(reply):
    return dict(line.split(" ", 1) for line in reply.splitlines() if " " in line)
named = pairs(llm_query("""${LOOK} One line for each: its id, a space, the words; "-" for a review that is content.

""" + "\\n".join(sample)))
words = sorted({word for word in named.values() if word != "-"})
print(len(lines), len(named), words)
`),
  turn("The same thing has several names here. They are few now, so one call can say which belong together.", `
merged = pairs(llm_query("""${MERGE} One line for each group: a short name of one word, a space, and the words of the group, separated by commas.

""" + "\\n".join(words)))
missing = set(words) - {word.strip() for group in merged.values() for word in group.split(",")}
print(merged, missing)
`),
  turn("No word is left over. Now every review is read against these themes, many to a call.", `
codes = {str(i): name for i, name in enumerate(merged, 1)}
ask = "${SORT} One line for each: its id, a space, the number of the theme; 0 for a review that is content.\\n" + "\\n".join(f"{code} = {name}: {merged[name]}" for code, name in codes.items()) + "\\n\\n"
chunks = [lines[i:i + 300] for i in range(0, len(lines), 300)]
labels = {}
for at in range(0, len(chunks), 200):
    for reply in llm_query_batched([ask + "\\n".join(chunk) for chunk in chunks[at:at + 200]]):
        labels.update(pairs(reply or ""))
print(len(chunks), len(labels), [line.split("\\t")[0] for line in lines if labels.get(line.split("\\t")[0]) not in {"0", *codes}][:5])
`),
  turn("All have one. Counting is for code.", `
from collections import Counter
themes = Counter(codes[code] for code in labels.values() if code != "0").most_common()
SUBMIT(names=[name for name, _ in themes], sizes=[count for _, count in themes])
`),
];

/** What people say instead of the category. */
const WORDS: Readonly<Record<Category, readonly string[]>> = {
  delivery: ["late parcel", "shipping", "lost on the way"], durability: ["broke soon", "wears out"], price: ["too dear", "cost"], support: ["nobody helps", "bad service"], usability: ["hard to handle", "confusing"],
};

function categoryOf(text: string): Category | undefined {
  return CATEGORIES.find((name) => COMPLAINTS[name].some((sentence) => text.includes(sentence)));
}

function answer(prompt: string): string {
  const all = [...prompt.matchAll(/^(r\d+)\t(.*)$/gm)].map(([, id = "", text = ""], at) => ({ id, at, category: categoryOf(text) }));
  if (prompt.startsWith(LOOK)) return all.map(({ id, at, category }) => `${id} ${category === undefined ? "-" : (WORDS[category][at % WORDS[category].length] ?? "-")}`).join("\n");
  const themes = new Map([...prompt.matchAll(/^(\d+) = \w+: (.*)$/gm)].map(([, code = "", words = ""]) => [CATEGORIES.find((name) => WORDS[name].some((word) => words.includes(word))), code]));
  return all.map(({ id, category }) => `${id} ${category === undefined ? "0" : (themes.get(category) ?? "?")}`).join("\n");
}

function merge(prompt: string): string {
  const asked = new Set(prompt.split("\n"));
  return CATEGORIES.map((name) => `${name} ${WORDS[name].filter((word) => asked.has(word)).join(", ")}`).filter((line) => line.includes(" ")).join("\n");
}

export const CLUSTERING_MODEL: readonly ScriptedRule[] = [
  { name: "clustering-root", when: { model: "scripted-root", system: "Which kinds of complaints are there?" }, turns: TURNS },
  { name: "clustering-merge", when: { model: "scripted-sub", last: MERGE }, reply: ({ last }) => merge(last) },
  { name: "clustering-look", when: { model: "scripted-sub", last: LOOK }, reply: ({ last }) => answer(last) },
  { name: "clustering-sort", when: { model: "scripted-sub", last: SORT }, reply: ({ last }) => answer(last) },
];
