import { IMPLEMENTS } from "../../../examples/data/code-base.js";
import type { ScriptedRule } from "../../../src/testing/index.js";
import { turn } from "./turn.js";

const MARK = "excerpts from files of a code base";

const TURNS = [
  turn("What is in the code base, and how large is it?", `
import re
from collections import Counter
print(feature, len(files), f"{sum(map(len, files.values())):,}")
print(Counter(path.split("/")[0] for path in files).most_common(8))
`),
  turn("The feature may go by many names. Files that have words of two of the ideas (points of customers, running out) near each other are worth reading.", `
points = r"loyal|reward|bonus|points"
ending = r"expir|laps|stale|forfeit|lifetime|older|sweep"
near = re.compile(rf"(?i)(?:{points})[\\s\\S]{{0,200}}?(?:{ending})|(?:{ending})[\\s\\S]{{0,200}}?(?:{points})")
excerpts = {path: [text[max(0, hit.start() - 500):hit.end() + 500] for hit in near.finditer(text)][:5] for path, text in files.items()}
excerpts = {path: hits for path, hits in excerpts.items() if hits}
print(len(excerpts), sum(len(hit) for hits in excerpts.values() for hit in hits), list(excerpts)[:10])
`),
  turn("That is little enough to be read whole, several files to a call.", `
def ask(group):
    body = "\\n".join(f"=== {path}\\n" + "\\n...\\n".join(excerpts[path]) for path in group)
    return f"""These are ${MARK}. Feature: {feature}
Which files implement the feature or a part of it in their own code? Tests, texts shown to users, comments and callers do not count.
Reply with a JSON list of paths, [] if there is none.

{body}"""
names = sorted(excerpts)
groups = [names[i:i + 10] for i in range(0, len(names), 10)]
replies = llm_query_batched([ask(group) for group in groups], schema=list[str])
print(len(groups), [i for i, reply in enumerate(replies) if reply is None])
paths = sorted(path for reply in replies for path in reply if path in files)
for path in paths:
    print(path, excerpts[path][0][400:800])
`),
  turn("Each of them takes points away or no longer counts them.", "SUBMIT(paths=paths)"),
];

function answer(prompt: string): string {
  const files = prompt.split(/^=== /m).slice(1);
  return JSON.stringify(files.filter((text) => IMPLEMENTS.some((code) => text.includes(code.trim()))).map((text) => text.slice(0, text.indexOf("\n"))));
}

export const CODE_BASE_MODEL: readonly ScriptedRule[] = [
  { name: "code-root", when: { model: "scripted-root", system: "`files` is a code base, path to text" }, turns: TURNS },
  { name: "code-sub", when: { model: "scripted-sub", last: MARK }, reply: ({ last }) => answer(last) },
];
