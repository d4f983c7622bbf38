"""The user's own Python, run once in a new session before its first cell."""

from _rlm_private_builtins import PRIVATE as __builtins__

from inspect import getdoc, signature
from types import FunctionType

from _rlm_bounded_text import clip
from _rlm_cell_source import compile_cell, remember_source
from _rlm_describe import preview
from _rlm_execute import execute
from _rlm_host_calls import timed_out
from _rlm_interpreter import repair_interpreter
from _rlm_namespace import NAMESPACE, identities, user_names, variable
from _rlm_output import begin_output, end_output
from _rlm_reserved import restore_names
from _rlm_session import session
from _rlm_traceback_text import error_value

# Begins like the names of cells: tracebacks show its frames.
_FILENAME = "<cell setup>"
_MAX_ERROR_CHARS = 3_000
_MAX_DOC_CHARS = 400


def run_setup(source):
    """None, or the traceback of what went wrong."""
    before = identities()
    session.in_setup = True
    begin_output(_MAX_ERROR_CHARS)
    try:
        remember_source(_FILENAME, source)
        execute(compile_cell(source, _FILENAME))
    except BaseException as error:
        failed = error_value(error, type(error) is KeyboardInterrupt and timed_out(), _MAX_ERROR_CHARS)
        traceback = failed["traceback"]
        return traceback["head"] + traceback["tail"]
    finally:
        session.in_setup = False
        end_output()
        repair_interpreter()
        restored = restore_names()
    if restored:
        return f"The setup defines names that belong to the sandbox: {', '.join(restored)}. Rename them."
    session.helpers = [name for name in user_names() if before.get(name) != id(NAMESPACE[name]) and _is_own(NAMESPACE[name])]
    return None


def describe_helpers():
    return [_described(name, NAMESPACE[name]) for name in session.helpers if name in NAMESPACE]


def _is_own(value):
    """What the setup merely imported is not worth a line."""
    return not isinstance(value, (FunctionType, type)) or value.__module__ == "__main__"


def _described(name, value):
    if not isinstance(value, (FunctionType, type)):
        return {**variable(name), "preview": preview(value), "helper": True}
    doc = clip(" ".join((getdoc(value) or "").split()), _MAX_DOC_CHARS)
    kind = "class" if isinstance(value, type) else "function"
    return {"name": name, "type": kind, "length": None, "preview": f"`{name}{_signature(value)}`{f': {doc}' if doc else ''}", "helper": True}


def _signature(value):
    try:
        return str(signature(value))
    except Exception:
        return "(...)"
