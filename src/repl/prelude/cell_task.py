"""Runs a cell with a top-level await on a loop that lives as long as the session."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_event_loop import session_loop

# A cancellation passes one level of gathers and tasks a round; code may also refuse it.
_MAX_CANCEL_ROUNDS = 20


def run_coroutine(coroutine):
    """Runs the coroutine of a cell with a top-level await. Tasks that it leaves behind go on in the next such cell."""
    loop = session_loop()
    task = loop.cell_task = loop.create_task(coroutine)
    task.add_done_callback(_stop_after)
    try:
        # Not run_until_complete: a traceback through its frame would keep alive all that the failed coroutine held.
        loop.run_forever()
        return task.result()
    finally:
        loop.cell_task = None
        _end(task)
        if task.done() and not task.cancelled():
            task.exception()
        task = coroutine = None


def _end(task):
    """Cancels the task of a cell that was left by SystemExit, an interrupt or a dead end; it must not wake up in a later cell."""
    loop = task.get_loop()
    for _ in range(_MAX_CANCEL_ROUNDS):
        if task.done():
            return
        task.cancel()
        loop.call_soon(loop.stop)
        try:
            loop.run_forever()
        except (SystemExit, KeyboardInterrupt):
            pass


def _stop_after(task):
    """Of the running cell only: after an interrupt this is still queued when the next cell runs."""
    loop = task.get_loop()
    if loop.cell_task is task:
        loop.stop()
