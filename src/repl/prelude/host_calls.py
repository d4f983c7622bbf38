"""The functions of the host. The only JavaScript objects the prelude keeps: a memory snapshot re-links exactly these."""

from _rlm_private_builtins import PRIVATE as __builtins__

# call(request_json) -> outcome_json: Python stops inside until the outcome is there.
# timed_out() -> bool: the KeyboardInterrupt just caught was the cell's deadline.
# ready(): from here on the deadline may interrupt.
# read_input(digest, start, count) -> buffer: bytes of an input of this session that stays outside of memory.
from _rlm_host import call as _call, read_input as _read_input, ready, timed_out


def call(request_json):
    """Raises ValueError with the host's reason when it refuses the request."""
    try:
        return _call(request_json)
    except Exception as error:
        reason = getattr(error, "message", None) or str(error)
    # Outside of the handler: the JavaScript error must not live on as a context, no snapshot could hold it.
    raise ValueError(reason)


def read_input(digest, start, count):
    """Raises OSError when the input cannot be read."""
    try:
        return _read_input(digest, start, count).to_bytes()
    except Exception as error:
        reason = getattr(error, "message", None) or str(error)
    raise OSError(reason)
