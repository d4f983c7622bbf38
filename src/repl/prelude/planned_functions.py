"""Functions whose calls leave the sandbox: how to plan such a call without waiting for it, and the awaitable twin of each."""

from _rlm_private_builtins import PRIVATE as __builtins__

from asyncio import get_running_loop
from functools import partial

from _rlm_calls import start

# By identity: functions of cells may be unhashable, or lie about being equal.
_known = {}


def register(function, plan, twin):
    """`plan(*args, **kwargs)` gives the Plan of a call to `function`."""
    _known[id(function)] = (function, plan, twin)


def plan_of(function, args, kwargs):
    """The plan of a call to a registered function, or None: lets a pool start the call without waiting for it."""
    while type(function) is partial:
        args, kwargs, function = (*function.args, *args), {**function.keywords, **kwargs}, function.func
    known = _known.get(id(function))
    return None if known is None else known[1](*args, **kwargs)


def is_planned(function):
    return id(function) in _known


def awaitable(function):
    """The awaitable twin of a registered function; anything else as it is."""
    known = _known.get(id(function))
    return function if known is None else known[2]


async def wait_for_plan(plan):
    future = get_running_loop().create_future()
    start(plan, future)
    return await future
