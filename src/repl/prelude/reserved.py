"""Names that cells may use and cannot lose."""

from _rlm_private_builtins import LIVE, PRIVATE as __builtins__

from _rlm_awaited_calls import CHOOSER, READY, ready
from _rlm_budget import budget
from _rlm_history import HISTORY
from _rlm_llm_errors import LlmCallLimitExceeded, LlmError
from _rlm_llm_functions import llm_query, llm_query_async, llm_query_batched, llm_query_batched_async
from _rlm_namespace import NAMESPACE, hidden, repair_namespace
from _rlm_planned_functions import awaitable
from _rlm_show_vars import SHOW_VARS
from _rlm_submit import SUBMIT
from _rlm_twin_functions import STEP, step
from _rlm_tool_errors import ToolError

RESERVED = {
    "llm_query": llm_query,
    "llm_query_batched": llm_query_batched,
    "llm_query_async": llm_query_async,
    "llm_query_batched_async": llm_query_batched_async,
    "sub_llm": llm_query,
    "LlmError": LlmError,
    "LlmCallLimitExceeded": LlmCallLimitExceeded,
    "ToolError": ToolError,
    "SUBMIT": SUBMIT,
    "SHOW_VARS": SHOW_VARS,
    "budget": budget,
    "rlm_history": HISTORY,
    CHOOSER: awaitable,
    READY: ready,
    STEP: step,
}
_MISSING = object()


def restore_names():
    """Puts back every reserved name and builtin that was rebound or deleted. Returns their names, those of cells first."""
    repair_namespace()
    restored = []
    for name, value in RESERVED.items():
        if NAMESPACE.get(name, _MISSING) is not value:
            NAMESPACE[name] = value
            # The machinery's own names mean nothing to the model.
            if not name.startswith("__"):
                restored.append(name)
    if NAMESPACE.pop("print", _MISSING) is not _MISSING:
        restored.append("print")
    for name, value in __builtins__.items():
        if LIVE.get(name, _MISSING) is not value:
            LIVE[name] = value
            restored.append(f"builtins.{name}")
    return restored


def release(functions):
    """Takes reserved names away, with what cells see under them; the user's variables of these names stay."""
    for name, function in functions.items():
        hidden.discard(name)
        if RESERVED.pop(name, _MISSING) is not _MISSING and NAMESPACE.get(name, _MISSING) is function:
            del NAMESPACE[name]


def reserve(functions):
    """Adds names that belong to this session: its tools."""
    RESERVED.update(functions)
    hidden.update(functions)
    NAMESPACE.update(functions)


reserve(RESERVED)
