"""The functions of the host. The only JavaScript objects the prelude keeps: a memory snapshot re-links exactly these."""

from _rlm_private_builtins import PRIVATE as __builtins__

# call(request_json) -> outcome_json: Python stops inside until the outcome is there.
# timed_out() -> bool: the KeyboardInterrupt just caught was the cell's deadline.
# ready(): from here on the deadline may interrupt.
from _rlm_host import call as _call, ready, timed_out


def call(request_json):
    """Raises ValueError with the host's reason when it refuses the request."""
    try:
        return _call(request_json)
    except Exception as error:
        reason = getattr(error, "message", None) or str(error)
    # Outside of the handler: the JavaScript error must not live on as a context, no snapshot could hold it.
    raise ValueError(reason)
