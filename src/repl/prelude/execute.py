"""Runs the code of one cell in the namespace."""

from _rlm_private_builtins import PRIVATE as __builtins__

from inspect import CO_COROUTINE

from _rlm_bounded_repr import bounded_repr
from _rlm_call_tasks import finish_tasks
from _rlm_cell_task import run_coroutine
from _rlm_event_loop import forget_running_loop
from _rlm_namespace import NAMESPACE
from _rlm_session import session

_eval = eval


def execute(compiled):
    """The bounded repr of the trailing expression, or None. Raises whatever the cell raises."""
    forget_running_loop()
    if compiled.body is not None:
        _run(compiled.body)
    if compiled.expression is None:
        finish_tasks()
    if compiled.expression is None:
        return None
    value = _run(compiled.expression)
    finish_tasks()
    return None if value is None else bounded_repr(value, session.max_output_chars)


def _run(code):
    result = _eval(code, NAMESPACE)
    return run_coroutine(result) if code.co_flags & CO_COROUTINE else result
