"""`budget()`: what is left of the run's limits. `None` means no limit."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_session import session


def budget():
    """What is left of turns, sub-calls, tokens, money and time.

    Sub-calls are counted as they are made; tokens, money (US dollars) and seconds are those
    left when this turn began, and `None` where the run has no such limit.
    """
    view = session.budget
    turns, calls = view["maxIterations"], view["maxLlmCalls"]
    usd, ms = view["usdLeft"], view["msLeft"]
    return {
        "turn": view["turn"],
        "max_turns": turns,
        "turns_left": None if turns is None else max(0, turns - view["turn"]),
        "llm_calls_used": view["llmCallsUsed"],
        "max_llm_calls": calls,
        "llm_calls_left": None if calls is None else max(0, calls - view["llmCallsUsed"]),
        "tokens_left": view["tokensLeft"],
        "usd_left": None if usd is None else round(usd, 6),
        "seconds_left": None if ms is None else round(ms / 1000, 1),
    }


def set_budget(view):
    session.budget = dict(view)


def set_calls_used(used):
    session.budget["llmCallsUsed"] = used
