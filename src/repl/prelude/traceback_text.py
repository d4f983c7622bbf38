"""Errors of cells as text: the cell's own frames and lines, causes included, the sandbox's machinery left out."""

from _rlm_private_builtins import PRIVATE as __builtins__

import sys
from traceback import TracebackException

from _rlm_bounded_text import BoundedText, bounded, clip
from _rlm_cell_source import expose_sources
from _rlm_type_names import class_name

_MAX_MESSAGE_CHARS = 2_000
_MAX_CHAIN = 50
TIMEOUT_CURE = (
    "the cell ran longer than its time limit and was stopped; what it had assigned is kept. "
    "Do less in one cell: try the work on a small part first, use a faster method, or spread the loop over several cells."
)


def error_value(error, timed_out, limit):
    """`CellError` of an exception. Runs `__str__` of user classes; whatever that raises is kept out."""
    if timed_out:
        return {"type": "CellTimeout", "message": TIMEOUT_CURE, "traceback": _guarded(_timeout_text, error, limit)}
    return {"type": class_name(error), "message": _message(error), "traceback": _guarded(_full_text, error, limit)}


def bare_error_value(error, timed_out, limit):
    """The same without a look at the exception, e.g. after the memory ran out."""
    name, message = ("CellTimeout", TIMEOUT_CURE) if timed_out else (class_name(error), "")
    return {"type": name, "message": message, "traceback": bounded(f"{name}: {message}" if message else name, limit)}


def _message(error):
    try:
        return clip(str(error), _MAX_MESSAGE_CHARS)
    except Exception:
        return "<the text of this exception cannot be read>"


def _guarded(write_text, error, limit):
    kept = BoundedText(limit)
    try:
        expose_sources()
        write_text(error, kept)
    except Exception:
        kept.write(f"{class_name(error)}: {_message(error)}")
    return kept.to_value()


def _full_text(error, kept):
    report = TracebackException(type(error), error, error.__traceback__, compact=True)
    _clean(report)
    _write_lines(report.format(), kept)


def _timeout_text(error, kept):
    report = TracebackException(type(error), error, error.__traceback__, compact=True)
    _clean(report)
    if report.stack:
        kept.write("Traceback (most recent call last):\n")
        _write_lines(report.stack.format(), kept)
        kept.write("\n")
    kept.write(f"CellTimeout: {TIMEOUT_CURE}")


def _write_lines(lines, kept):
    """Without the newline at the end."""
    newline = ""
    for line in lines:
        kept.write(newline)
        kept.write(line.removesuffix("\n"))
        newline = "\n"


def _clean(report):
    """Frames before the first one of a cell are how the cell was started; frames of the prelude are how it works."""
    stack = report.stack
    first = next((index for index, frame in enumerate(stack) if frame.filename.startswith("<cell ")), len(stack))
    del stack[:first]
    pending, seen = [report], 0
    while pending and seen < _MAX_CHAIN:
        current = pending.pop()
        seen += 1
        current.stack[:] = [frame for frame in current.stack if frame.filename not in _machinery_files]
        if not current.stack and current.exceptions is None:
            current.stack = None
        pending.extend([part for part in (current.__cause__, current.__context__, *(current.exceptions or ())) if part is not None])


# File names of the prelude's own code, as the interpreter knows them.
_machinery_files = set()


def note_machinery():
    """Called once when all modules of the prelude are there."""
    for name, module in list(sys.modules.items()):
        if name.startswith("_rlm_") and type(module) is type(sys):
            for value in vars(module).values():
                if type(value) is type(note_machinery) and value.__module__ == name:
                    _machinery_files.add(value.__code__.co_filename)
