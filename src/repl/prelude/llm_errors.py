"""How a sub-call can fail: `LlmError` for the call itself, `LlmCallLimitExceeded` for the budget."""

from _rlm_private_builtins import PRIVATE as __builtins__


class FailedReply(str):
    """A failed call in its slot of a batch: a text (so joins and slices work) that is falsy (so `if reply` filters it).

    Python cannot derive one class from both `str` and an exception. Cells see both classes as `LlmError`: `isinstance(reply, LlmError)` holds.
    """

    def __new__(cls, kind, message):
        reply = super().__new__(cls, f"[ERROR] {kind}: {message}")
        reply.kind = kind
        reply.message = message
        return reply

    def __bool__(self):
        return False

    def __reduce__(self):
        return failed_reply, (self.kind, self.message)


def failed_reply(kind, message):
    """Copies and pickles a FailedReply: by its name the class would be taken for the exception."""
    return FailedReply(kind, message)


FailedReply.__name__ = FailedReply.__qualname__ = "LlmError"


class _AlsoFailedReplies(type):
    def __instancecheck__(cls, value):
        return super().__instancecheck__(value) or (cls is LlmError and type(value) is FailedReply)

    def __subclasscheck__(cls, kind):
        return super().__subclasscheck__(kind) or (cls is LlmError and kind is FailedReply)


class LlmError(RuntimeError, metaclass=_AlsoFailedReplies):
    """A sub-call that failed for good. `.kind` is a short machine-readable cause, `.message` says what happened."""

    def __init__(self, kind, message):
        super().__init__(kind, message)
        self.kind = kind
        self.message = message

    def __str__(self):
        return f"[ERROR] {self.kind}: {self.message}"

    def __bool__(self):
        return False


class LlmCallLimitExceeded(RuntimeError):
    """The calls asked for do not fit the budget; none of them was sent."""

    def __init__(self, used, asked, max, reason=None):
        super().__init__(used, asked, max)
        self.reason = reason
        self.used = used
        self.asked = asked
        self.max = max

    def __str__(self):
        if self.reason is not None:
            return f"sub-calls refused: {self.reason}. {self.asked} were asked, none was sent. Finish with what you have and call SUBMIT."
        left = max(0, self.max - self.used)
        cure = f"Ask for at most {left}" if left else "Finish with what you have and call SUBMIT"
        return f"sub-call limit reached: {self.used} of {self.max} used, {self.asked} more asked, none of these was sent. {cure}."


for _kind in (LlmError, LlmCallLimitExceeded):
    _kind.__module__ = "__main__"
FailedReply.__module__ = "__main__"
