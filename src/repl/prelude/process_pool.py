"""Pools of `multiprocessing` (`Pool`, `ThreadPool`, `multiprocessing.dummy`) and `ProcessPoolExecutor` without processes or threads: calls of what
is submitted leave together when the first result is needed (see call_tasks)."""

from _rlm_private_builtins import PRIVATE as __builtins__

import concurrent.futures
import sys
from importlib.machinery import ModuleSpec

from _rlm_thread_pool import ThreadPoolExecutor

_NAME = "multiprocessing.pool"


class AsyncResult:
    def __init__(self, futures, combine, callback=None, error_callback=None):
        self._futures, self._combine = futures, combine
        self._callbacks = (callback, error_callback)
        if not futures:
            self._told(None)
        for future in futures:
            future.add_done_callback(self._told)

    def get(self, timeout=None):
        return self._combine([future.result() for future in self._futures])

    def wait(self, timeout=None):
        for future in self._futures:
            future.finish()

    def ready(self):
        return all([future.done() for future in self._futures])

    def successful(self):
        if not self.ready():
            raise ValueError(f"{self!r} not ready")
        return self._error() is None

    def _error(self):
        return next((error for future in self._futures if (error := future.exception()) is not None), None)

    def _told(self, _future):
        callback, error_callback = self._callbacks
        if not self.ready():
            return
        error = self._error()
        if error is None and callback is not None:
            callback(self.get())
        if error is not None and error_callback is not None:
            error_callback(error)


class Pool:
    def __init__(self, processes=None, initializer=None, initargs=(), maxtasksperchild=None, context=None):
        if processes is not None and processes < 1:
            raise ValueError("Number of processes must be at least 1")
        self._executor = ThreadPoolExecutor(initializer=initializer, initargs=initargs)

    def apply(self, func, args=(), kwds={}):
        return self.apply_async(func, args, kwds).get()

    def apply_async(self, func, args=(), kwds={}, callback=None, error_callback=None):
        return AsyncResult([self._submit(func, *args, **kwds)], _only, callback, error_callback)

    def map(self, func, iterable, chunksize=None):
        return self.map_async(func, iterable).get()

    def map_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return self.starmap_async(func, [(item,) for item in iterable], chunksize, callback, error_callback)

    def starmap(self, func, iterable, chunksize=None):
        return self.starmap_async(func, iterable).get()

    def starmap_async(self, func, iterable, chunksize=None, callback=None, error_callback=None):
        return AsyncResult([self._submit(func, *args) for args in iterable], list, callback, error_callback)

    def imap(self, func, iterable, chunksize=1):
        futures = [self._submit(func, item) for item in iterable]
        return (future.result() for future in futures)

    imap_unordered = imap

    def close(self):
        self._executor.shutdown(wait=False)

    terminate = close

    def join(self):
        self._executor.shutdown()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _submit(self, func, *args, **kwargs):
        try:
            return self._executor.submit(func, *args, **kwargs)
        except RuntimeError:
            raise ValueError("Pool not running") from None


class ThreadPool(Pool):
    pass


def _only(results):
    [result] = results
    return result


class _PoolModule:
    """Gives `import multiprocessing.pool` these pools, also where the standard library asks."""

    def find_spec(self, name, path=None, target=None):
        return ModuleSpec(name, self) if name == _NAME else None

    def create_module(self, spec):
        return None

    def exec_module(self, module):
        for each in (Pool, ThreadPool, AsyncResult):
            setattr(module, each.__name__, each)
        module.ApplyResult = module.MapResult = AsyncResult


sys.meta_path.insert(0, _PoolModule())
concurrent.futures.ProcessPoolExecutor = ThreadPoolExecutor
