"""`threading.Thread` without threads: see call_tasks."""

from _rlm_private_builtins import PRIVATE as __builtins__

import sys
import threading

from _rlm_bounded_text import clip
from _rlm_call_tasks import run_or_start
from _rlm_thread_pool import CallFuture
from _rlm_type_names import class_name

_Original = threading.Thread


class Thread(_Original):
    _rlm_future = None

    def start(self):
        if self._rlm_future is not None:
            raise RuntimeError("threads can only be started once")
        self._rlm_future = CallFuture()
        if type(self).run is not _Original.run:
            run_or_start(self._rlm_future, self.run, (), {})
        elif self._target is not None:
            run_or_start(self._rlm_future, self._target, self._args, self._kwargs)
        else:
            self._rlm_future.set_result(None)
        self._rlm_future.add_done_callback(self._rlm_report)

    def join(self, timeout=None):
        if self._rlm_future is None:
            raise RuntimeError("cannot join thread before it is started")
        self._rlm_future.finish()

    def is_alive(self):
        return self._rlm_future is not None and not self._rlm_future.done()

    def _rlm_report(self, future):
        error = None if future.cancelled() else future.exception()
        if error is not None:
            print(f"Exception in thread {self.name}: {clip(f'{class_name(error)}: {error}', 500)}", file=sys.stderr)


threading.Thread = Thread
