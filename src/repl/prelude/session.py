"""State of the session that several parts share. Plain values only: all of it lives in the memory snapshot."""

from _rlm_private_builtins import PRIVATE as __builtins__

import sys

_set_trace = sys.settrace
_get_frame = sys._getframe
# A loop around `try: SUBMIT(...) except: ...` would never end by itself.
_MAX_SWALLOWED = 3


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
        # How often code went on after a submission, and asked for more.
        self.swallowed = 0
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
        session.swallowed += 1
        if session.swallowed > _MAX_SWALLOWED:
            _leave_cell()
        raise Submitted


def _leave_cell():
    """From here on each line of the cell raises: those of an `except:` as well, so that the loop around it ends."""
    frame = _get_frame()
    while frame is not None:
        if _is_of_cell(frame):
            frame.f_trace = _leave
        frame = frame.f_back
    _set_trace(_leave)


def _leave(frame, event, _):
    if not _is_of_cell(frame):
        return None
    if event == "line":
        raise Submitted
    return _leave


def _is_of_cell(frame):
    return frame.f_code.co_filename.startswith("<cell ")
