import { CAUSES } from "./causes.js";
import { SUB_PROMPT_MARK } from "./sub-prompt.js";

/**
 * What the scripted root model says, turn by turn: what a capable model does with this task. It looks, finds by counting what is rare, tries
 * its question on a few pieces, asks it about all of them at once, and decides in code. It knows neither the seed nor the truth.
 */
export const ROOT_TURNS: readonly string[] = [
  turn("I cannot read this log in one piece. First its size, its shape and both ends.", `
print(f"{len(logs):,} characters")
print(logs[:1200])
print("…")
print(logs[-800:])
print(question)
`),
  turn(`One event a line: time, level, service, request, message. Let me count levels, services and kinds of messages (digits left out), and see when errors rise.
The loudest service need not be the first one.`, `
from collections import Counter, defaultdict

NO_DIGITS = str.maketrans("", "", "0123456789")

def events():
    """(time, level, service, message, line) of each line that has a header."""
    start = 0
    while start < len(logs):
        end = logs.find("\\n", start)
        if end < 0:
            end = len(logs)
        line = logs[start:end]
        start = end + 1
        parts = line.split(" ", 4)
        if len(parts) == 5 and parts[1].isupper() and parts[3].startswith("req="):
            yield parts[0], parts[1], parts[2].split("[")[0], parts[4], line

levels, services, shapes = Counter(), Counter(), Counter()
errors = defaultdict(Counter)
for time, level, service, message, line in events():
    levels[level] += 1
    services[service] += 1
    shapes[message.translate(NO_DIGITS)] += 1
    if level == "ERROR":
        errors[time[11:15] + "0"][service] += 1

print(f"{sum(levels.values()):,} events", dict(levels))
print(len(services), "services:", ", ".join(sorted(services)))
print(len(shapes), "kinds of messages,", sum(1 for count in shapes.values() if count <= 2), "of them seen once or twice")
print("errors every ten minutes, loudest services:")
for when in sorted(errors):
    print(" ", when, sum(errors[when].values()), dict(errors[when].most_common(3)))
`),
  turn(`Errors come in waves, but they only say who waits for whom. What tells a story are the messages that occur once or twice in the whole log. They are free text
in many wordings, so they must be read. I gather them by service, those within five minutes together, and try my question on three pieces first.`, `
import json, re
from datetime import datetime

rare = defaultdict(list)
for time, level, service, message, line in events():
    if shapes[message.translate(NO_DIGITS)] <= 2:
        rare[service].append((datetime.fromisoformat(time.replace("Z", "+00:00")), line))

windows = []
for service in sorted(rare):
    previous = None
    for at, line in rare[service]:
        if previous is None or (at - previous).total_seconds() > 300:
            windows.append({"service": service, "start": at, "lines": []})
        windows[-1]["lines"].append(line)
        previous = at
windows.sort(key=lambda window: window["start"])

CAUSES = ${JSON.stringify(CAUSES)}

def prompt_for(window):
    others = ", ".join(sorted(name for name in services if name != window["service"]))
    numbered = "\\n".join(f"{number}. {line}" for number, line in enumerate(window["lines"], 1))
    return f"""These are the ${SUB_PROMPT_MARK}, in order of time.
Judge what they say about this service itself:
- own_failure: something of its own is broken, and no later line says that it is well again
- recovered: something was broken and is well again by the last line
- upstream: it only suffers from another service
- harmless: nothing is wrong
Answer with one JSON object and nothing else:
{{"verdict": "own_failure" | "recovered" | "upstream" | "harmless", "cause": one of {', '.join(CAUSES)} or null, "line": number of the line that shows it first or null}}

Service: {window["service"]}
Other services: {others}
{numbered}"""

def parse(reply):
    found = re.search(r"\\{.*\\}", reply, re.S)
    return json.loads(found.group(0)) if found else None

for window in windows[:3]:
    window["verdict"] = parse(llm_query(prompt_for(window)))
    print(window["service"], [line.split(" ", 4)[4] for line in window["lines"]], "->", window["verdict"])
print(len(windows), "pieces,", sum(len(window["lines"]) for window in windows), "lines in all")
`),
  turn("The question works. Now all the other pieces in one batch; each is short, and they do not depend on each other.", `
todo = [window for window in windows if window.get("verdict") is None]
for attempt in range(2):
    replies = llm_query_batched([prompt_for(window) for window in todo])
    for window, reply in zip(todo, replies):
        if reply:
            window["verdict"] = parse(reply)
    todo = [window for window in todo if window.get("verdict") is None]
    if not todo:
        break

print("not judged:", len(todo))
print(Counter(window["verdict"]["verdict"] for window in windows if window.get("verdict")))
for window in windows:
    verdict = window.get("verdict") or {}
    if verdict.get("verdict") == "own_failure":
        window["evidence"] = window["lines"][verdict["line"] - 1]
        print(window["service"], verdict["cause"], "|", window["evidence"])
`),
  turn(`Several services end with a failure of their own; the first in time is the origin if the services that wait for others started after it. I check that in code
and hand in the variables.`, `
failures = sorted((window for window in windows if window.get("evidence")), key=lambda window: window["evidence"][:24])
first = failures[0]
waiting = [window for window in windows if window["verdict"]["verdict"] == "upstream" and first["service"] in " ".join(window["lines"])]
print(first["service"], "failed at", first["evidence"][:24], "-", len(waiting), "services complain about it, the first at",
      min((window["lines"][0][:24] for window in waiting), default="no time"))
SUBMIT(service=first["service"], cause=first["verdict"]["cause"], evidence=first["evidence"])
`),
];

function turn(reasoning: string, code: string): string {
  return `${reasoning}\n\n\`\`\`python\n${code.trim()}\n\`\`\``;
}
