"""`ThreadPoolExecutor` without threads: model calls of what is submitted leave together when the first result is needed (see call_tasks)."""

from _rlm_private_builtins import PRIVATE as __builtins__

import concurrent.futures
import concurrent.futures.thread
from concurrent.futures import Executor, Future, _base

from _rlm_call_tasks import progress, run_or_start

_as_completed = _base.as_completed
_wait = _base.wait


class CallFuture(Future):
    def result(self, timeout=None):
        self.finish()
        return super().result(timeout)

    def exception(self, timeout=None):
        self.finish()
        return super().exception(timeout)

    def finish(self):
        while not self.done() and progress():
            pass


class ThreadPoolExecutor(Executor):
    def __init__(self, max_workers=None, thread_name_prefix="", initializer=None, initargs=(), **_):
        if max_workers is not None and max_workers <= 0:
            raise ValueError("max_workers must be greater than 0")
        self._closed = False
        self._futures = []
        if initializer is not None:
            initializer(*initargs)

    def submit(self, fn, /, *args, **kwargs):
        if self._closed:
            raise RuntimeError("cannot schedule new futures after shutdown")
        future = CallFuture()
        run_or_start(future, fn, args, kwargs)
        if not future.done():
            self._futures.append(future)
        return future

    def shutdown(self, wait=True, *, cancel_futures=False):
        self._closed = True
        if wait:
            _finish_all(self._futures)


def _finish_all(futures):
    for future in futures:
        while not future.done() and progress():
            pass


def as_completed(fs, timeout=None):
    fs = list(fs)
    _finish_all(fs)
    return _as_completed(fs, timeout)


def wait(fs, timeout=None, return_when=_base.ALL_COMPLETED):
    fs = list(fs)
    _finish_all(fs)
    return _wait(fs, timeout, return_when)


concurrent.futures.ThreadPoolExecutor = concurrent.futures.thread.ThreadPoolExecutor = ThreadPoolExecutor
concurrent.futures.as_completed = _base.as_completed = as_completed
concurrent.futures.wait = _base.wait = wait
