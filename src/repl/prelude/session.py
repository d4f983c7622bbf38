"""State of the session that several parts share. Plain values only: all of it lives in the memory snapshot."""

from _rlm_private_builtins import PRIVATE as __builtins__


class _Session:
    def __init__(self):
        self.output_names = ("output",)
        self.optional_outputs = frozenset()
        self.max_output_chars = 10_000
        # Whether cells have rlm_query.
        self.can_recurse = False
        # 0 in a run that began with nothing, one more in each fork of a session.
        self.generation = -1
        self.budget = {"turn": 0, "maxIterations": 0, "llmCallsUsed": 0, "maxLlmCalls": 0}
        # JSON text of what SUBMIT was given in this cell; the first valid call wins.
        self.submission = None
        # Text inputs and others, in the order they were bound.
        self.inputs = []
        # True while the user's setup runs: it is no cell, and nothing may leave the sandbox.
        self.in_setup = False
        # Names that the setup has defined.
        self.helpers = []


session = _Session()


class Submitted(BaseException):
    """Ends the cell after SUBMIT. Code that swallows it changes nothing: the submission is already recorded."""


def stop_if_submitted():
    """Code that went on after a swallowed SUBMIT must not spend more of the budget; a setup has none."""
    if session.in_setup:
        raise RuntimeError("a setup cannot call models or tools, nor SUBMIT: define functions that do so when a cell calls them")
    if session.submission is not None:
        raise Submitted
