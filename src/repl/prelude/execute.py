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
    if _awaits(compiled.body) or _awaits(compiled.expression):
        value = run_coroutine(_run_awaiting(compiled))
    else:
        value = _run(compiled)
    finish_tasks()
    return None if value is None else bounded_repr(value, session.max_output_chars)


def _run(compiled):
    if compiled.body is not None:
        _eval(compiled.body, NAMESPACE)
    return None if compiled.expression is None else _eval(compiled.expression, NAMESPACE)


async def _run_awaiting(compiled):
    """Both parts under one running loop: `task = asyncio.create_task(...)` may stand above the one await of a cell."""
    value = None
    for code in (compiled.body, compiled.expression):
        if code is not None:
            value = _eval(code, NAMESPACE)
            if _awaits(code):
                value = await value
    return None if compiled.expression is None else value


def _awaits(code):
    return code is not None and bool(code.co_flags & CO_COROUTINE)
