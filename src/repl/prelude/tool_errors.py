"""How a call to one of the user's tools can fail."""

from _rlm_private_builtins import PRIVATE as __builtins__


class ToolError(RuntimeError):
    """A tool that failed for good. `.kind` is a short machine-readable cause, `.message` says what happened."""

    def __init__(self, kind, message):
        super().__init__(kind, message)
        self.kind = kind
        self.message = message

    def __str__(self):
        return self.message

    def __reduce__(self):
        return tool_error, (self.kind, self.message)


class ToolTimeout(ToolError, TimeoutError):
    """Also a TimeoutError, for code that expects that."""


def tool_error(kind, message):
    """The error for a failure's kind."""
    return (ToolTimeout if kind == "timeout" else ToolError)(kind, message)


class FailedToolCall:
    """A failed call on its way to the function that raises it."""

    __slots__ = ("kind", "message", "tool")

    def __init__(self, tool, kind, message):
        self.tool = tool
        self.kind = kind
        self.message = message

    def to_exception(self):
        # The tool's own rules are beyond what the sandbox checks; to the caller it is the same mistake.
        if self.kind == "arguments":
            return TypeError(self.message)
        return tool_error(self.kind, self.message)


# Code written for dspy.RLM expects a RuntimeError by name; cells know the class as `ToolError`.
ToolError.__name__ = ToolError.__qualname__ = "RuntimeError"
ToolTimeout.__name__ = ToolTimeout.__qualname__ = "TimeoutError"
for _kind in (ToolError, ToolTimeout):
    _kind.__module__ = "builtins"
