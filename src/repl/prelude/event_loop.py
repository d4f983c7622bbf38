"""asyncio for cells, without threads, sockets or a clock.

The loop runs whatever can run. When nothing can, the model calls that were started meanwhile leave as one suspension; when there are none,
time jumps to the next timer. So `asyncio.gather` over calls is one batch, and `asyncio.sleep` costs nothing and is the same in every replay.
"""

from _rlm_private_builtins import PRIVATE as __builtins__

import asyncio
import sys
from asyncio import events, runners
from asyncio.base_events import BaseEventLoop

from _rlm_bounded_text import clip
from _rlm_call_tasks import progress, run_or_start
from _rlm_type_names import class_name

_cancel_all_tasks = runners._cancel_all_tasks
_set_running_loop = asyncio._set_running_loop


class CellLoop(BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = _NothingCanRun(self)
        self._clock_resolution = 1e-9
        self._now = 0.0
        self.cell_task = None

    def time(self):
        return self._now

    def run_in_executor(self, executor, func, *args):
        future = self.create_future()
        run_or_start(future, func, args, {})
        return future

    def default_exception_handler(self, context):
        """One line: asyncio's own report would show the frames of this loop, in the output of whichever cell runs then."""
        error = context.get("exception")
        cause = "" if error is None else f" ({clip(f'{class_name(error)}: {error}', 300)})"
        print(f"asyncio: {context['message']}{cause}", file=sys.stderr)

    def _process_events(self, event_list):
        pass

    def _write_to_self(self):
        pass


class _NothingCanRun:
    """Stands where other loops wait for sockets."""

    def __init__(self, loop):
        self._loop = loop

    def select(self, timeout):
        if timeout == 0 or progress():
            return ()
        if timeout is None:
            raise RuntimeError("this await can never finish: no task can run, and no model call or timer is under way")
        self._loop._now = max(self._loop._now, self._loop._scheduled[0]._when)
        return ()


_session_loop = None


def session_loop():
    """The loop of all cells: what is started in one may be awaited in a later one."""
    global _session_loop
    if _session_loop is None or _session_loop.is_closed():
        _session_loop = CellLoop()
    return _session_loop


class _CellLoopPolicy(events._BaseDefaultEventLoopPolicy):
    _loop_factory = CellLoop

    def get_event_loop(self):
        own = self._local._loop
        return session_loop() if own is None or own.is_closed() else own


def _run(main, *, debug=None, loop_factory=None):
    # asyncio's own Runner takes SIGINT over, and the deadline of a cell arrives as that signal.
    if asyncio._get_running_loop() is not None:
        raise RuntimeError("asyncio.run() cannot be called from a running event loop; in a cell write: await main()")
    loop = (loop_factory or CellLoop)()
    try:
        return loop.run_until_complete(main)
    finally:
        _cancel_all_tasks(loop)
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()


def _create_task(coro, **options):
    """Also where no loop runs, as in a notebook: the task begins with the next cell that awaits something."""
    return (asyncio._get_running_loop() or session_loop()).create_task(coro, **options)


async def _to_thread(function, /, *args, **kwargs):
    future = asyncio.get_running_loop().create_future()
    run_or_start(future, function, args, kwargs)
    return await future


def forget_running_loop():
    """Pyodide's own loop counts as running from the start on, and a cell that was interrupted may leave one."""
    _set_running_loop(None)


events._set_event_loop_policy(_CellLoopPolicy())
asyncio.run = runners.run = _run
asyncio.create_task = asyncio.tasks.create_task = _create_task
asyncio.to_thread = asyncio.threads.to_thread = _to_thread
