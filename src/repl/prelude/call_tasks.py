"""Functions given to pools and threads. There are no threads: such a function runs until it asks a model, and is laid aside; when a result is needed,
the calls of all that were laid aside leave as one suspension, and each goes on with its reply."""

from _rlm_private_builtins import PRIVATE as __builtins__

from concurrent.futures import Future

from _rlm_calls import flush, start, withdraw
from _rlm_planned_functions import plan_of
from _rlm_twin_functions import twin_of

# (coroutine, the caller's future, the future of the call it waits for), in the order in which they were laid aside.
_parked = []


def run_or_start(future, function, args, kwargs):
    """`future` (of asyncio or of concurrent.futures) gets the outcome, now or after some `progress`."""
    try:
        plan = plan_of(function, args, kwargs)
        if plan is not None:
            start(plan, future)
            return
        twin = twin_of(function)
        if twin is not None:
            _advance(twin(*args, **kwargs), future, None)
            return
        result = function(*args, **kwargs)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)


def progress():
    """Sends what waits and lets everything go on that can. False when nothing could."""
    sent = flush()
    ready = [task for task in _parked if task[2].done()]
    _parked[:] = [task for task in _parked if not task[2].done()]
    for coroutine, future, reply in ready:
        _advance(coroutine, future, reply)
    return sent or bool(ready)


def finish_tasks():
    """To the end of what was laid aside: a thread that nobody joined has run when its cell is over."""
    while _parked and progress():
        pass


def drop_tasks():
    """After a failed cell: nothing of it goes on in a later one."""
    dropped = list(_parked)
    _parked.clear()
    withdraw()
    for coroutine, future, _ in dropped:
        future.cancel()
        try:
            coroutine.close()
        except BaseException:
            pass


def _advance(coroutine, future, reply):
    try:
        if reply is None:
            plan = coroutine.send(None)
        elif reply.cancelled() or reply.exception() is None:
            plan = coroutine.send(None if reply.cancelled() else reply.result())
        else:
            plan = coroutine.throw(reply.exception())
    except StopIteration as stop:
        future.set_result(stop.value)
    except Exception as error:
        future.set_exception(error)
    else:
        waiting = Future()
        start(plan, waiting)
        _parked.append((coroutine, future, waiting))
