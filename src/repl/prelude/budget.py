"""`budget()`: what is left of the run's limits. `None` means unlimited."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_session import session


def budget():
    """What is left: turns and sub-calls, each with its maximum."""
    view = session.budget
    turns, calls = view["maxIterations"], view["maxLlmCalls"]
    return {
        "turn": view["turn"],
        "max_turns": turns,
        "turns_left": None if turns is None else max(0, turns - view["turn"]),
        "llm_calls_used": view["llmCallsUsed"],
        "max_llm_calls": calls,
        "llm_calls_left": None if calls is None else max(0, calls - view["llmCallsUsed"]),
    }


def set_budget(view):
    session.budget = dict(view)


def set_calls_used(used):
    session.budget["llmCallsUsed"] = used
