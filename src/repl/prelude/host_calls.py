"""The two functions of the host. The only JavaScript objects the prelude keeps: a memory snapshot re-links exactly these."""

from _rlm_private_builtins import PRIVATE as __builtins__

# call(request_json) -> outcome_json: Python stops inside until the outcome is there.
# timed_out() -> bool: the KeyboardInterrupt just caught was the cell's deadline.
from _rlm_host import call, timed_out
