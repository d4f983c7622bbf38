"""A copy of the builtins that cells cannot reach.

Every module of the prelude starts with `from _rlm_private_builtins import PRIVATE as __builtins__`: functions take their builtins from that
name when they are created, so a cell that replaces `builtins.len` breaks its own code and not ours.
"""

import builtins

LIVE = vars(builtins)
PRIVATE = dict(LIVE)
