"""`ThreadPoolExecutor` without threads: model calls submitted to it leave together when the first result is needed, other functions run at once."""

from _rlm_private_builtins import PRIVATE as __builtins__

import concurrent.futures
import concurrent.futures.thread
from concurrent.futures import Executor, Future, _base

from _rlm_calls import flush
from _rlm_event_loop import run_or_start

_as_completed = _base.as_completed
_wait = _base.wait


class _CallFuture(Future):
    def result(self, timeout=None):
        self._send()
        return super().result(timeout)

    def exception(self, timeout=None):
        self._send()
        return super().exception(timeout)

    def _send(self):
        if not self.done():
            flush()


class ThreadPoolExecutor(Executor):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **_):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._closed = False
        if initializer is not None:
            initializer(*initargs)

    def submit(self, fn, /, *args, **kwargs):
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = _CallFuture()
        run_or_start(future, fn, args, kwargs)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True
        if wait:
            flush()


def as_completed(fs, timeout=None):
    fs = list(fs)
    flush()
    return _as_completed(fs, timeout)


def wait(fs, timeout=None, return_when=_base.ALL_COMPLETED):
    fs = list(fs)
    flush()
    return _wait(fs, timeout, return_when)


concurrent.futures.ThreadPoolExecutor = concurrent.futures.thread.ThreadPoolExecutor = ThreadPoolExecutor
concurrent.futures.as_completed = _base.as_completed = as_completed
concurrent.futures.wait = _base.wait = wait
