import { BORN, BUILT, FOUNDED } from "../../../examples/data/chronicles.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { readWording } from "./read-wording.js";
import { turn } from "./turn.js";

const MARK = "pages of town chronicles, by id";

const TURNS = [
  turn("Three steps: bridge, company, founder, town. First the pages that name the bridge.", `
import re
print(len(documents), f"{sum(map(len, documents.values())):,}", question)
bridge = re.search(r"built the (.+)\\?$", question).group(1)
def about(name):
    return {key: text for key, text in documents.items() if name in text}
print(bridge, list(about(bridge)))
`),
  turn("I read the pages that have the name, with one question for each step.", `
def find(name, question):
    pages = about(name)
    body = "\\n\\n".join(f"[{key}] {text}" for key, text in pages.items())
    answer = llm_query(f"""These are ${MARK}.
Question: {question}
Reply with the answer (a name) and the id of the page that says so; both null when none does. Sightings, rumours and neighbours are no answer.

{body}""", schema={"answer": "str | None", "page": "str | None"})
    print(question, len(pages), answer)
    return answer

builder = find(bridge, f"Which company built {bridge}?")
`),
  turn("From the company to its founder.", "founder = find(builder[\"answer\"], f\"Who founded {builder['answer']}?\")"),
  turn("And where the founder was born; dying there does not count.", `
town = find(founder["answer"], f"Where was {founder['answer']} born?")
hops = [builder, founder, town]
assert all(hop["page"] in documents for hop in hops)
SUBMIT(town=town["answer"], path=[hop["page"] for hop in hops])
`),
];

function answer(prompt: string): string {
  const question = /^Question: (.*)$/m.exec(prompt)?.[1] ?? "";
  const [wordings, given, wanted] = question.startsWith("Which company") ? ([BUILT, "bridge", "company"] as const) : question.startsWith("Who founded") ? ([FOUNDED, "company", "person"] as const) : ([BORN, "person", "town"] as const);
  for (const [, page, text = ""] of prompt.matchAll(/^\[(page-\d+)\] (.*)$/gm)) {
    for (const sentence of text.split(/(?<=\.) /)) {
      const said = readWording(wordings, sentence);
      if (said !== null && question.includes(said[given] ?? "?!")) return JSON.stringify({ answer: said[wanted], page });
    }
  }
  return JSON.stringify({ answer: null, page: null });
}

export const MULTI_HOP_MODEL: readonly ScriptedRule[] = [
  { name: "hop-root", when: { model: "scripted-root", system: "pages of town chronicles by id" }, turns: TURNS },
  { name: "hop-sub", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => answer(last) },
];
