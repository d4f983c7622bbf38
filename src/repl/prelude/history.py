"""`rlm_history`: the turns before this one in full, also those that the model's conversation has only a summary of."""

from _rlm_private_builtins import PRIVATE as __builtins__

# One dict a turn: turn, reasoning, code (None where there was none), output.
HISTORY = []


def note_history(update):
    """Takes over the turns that are not known yet."""
    turns = update["turns"]
    if update["complete"]:
        HISTORY[:] = turns
        return
    known = HISTORY[-1]["turn"] if HISTORY else 0
    HISTORY.extend(turn for turn in turns if turn["turn"] > known)
