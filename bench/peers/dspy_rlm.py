"""Times dspy.RLM on the bench's model server. One argument: a JSON object with baseUrl, signature, inputBytes, repeat, maxIterations and maxCalls.

Prints one JSON object a repetition: when each cell of the script ended, how long it took, and the peak memory.
"""

import json
import resource
import sys
import time

import dspy

asked = json.loads(sys.argv[1])
cells: list[dict[str, float]] = []


class TimedInterpreter(dspy.PythonInterpreter):
    """Notes the cells of the script; dspy runs code of its own in the interpreter, too."""

    def execute(self, code, variables=None):
        started = time.monotonic()
        try:
            return super().execute(code, variables)
        finally:
            ended = time.monotonic()
            if "# cell" in code:
                cells.append({"endedMs": (ended - called) * 1000, "tookMs": (ended - started) * 1000})


def model(name: str) -> dspy.LM:
    return dspy.LM(f"openai/{name}", api_base=asked["baseUrl"], api_key="none", cache=False)


line = "2026-01-31 14:22:33 service=checkout status=200 latency=17 ms\n"
text = (line * (asked["inputBytes"] // len(line) + 1))[: asked["inputBytes"]]
for _ in range(asked["repeat"]):
    cells.clear()
    called = time.monotonic()
    with dspy.context(lm=model("scripted-root")):
        rlm = dspy.RLM(
            "text -> answer",
            max_iters=asked["maxIterations"],
            max_llm_calls=asked["maxCalls"],
            sub_lm=model("scripted-sub"),
            interpreter_factory=TimedInterpreter,
        )
        rlm(text=text)
    peak = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"cells": cells, "peakBytes": [kib * 1024 for kib in peak]}), flush=True)
