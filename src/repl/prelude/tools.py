"""The user's tools as plain Python functions."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_calls import Plan, perform
from _rlm_planned_functions import register, wait_for_plan
from _rlm_tool_arguments import bind, signature_of
from _rlm_tool_errors import FailedToolCall
from _rlm_values import NotJson, json_text


def make_tool(described):
    """A function that calls the tool; it also works awaited, in asyncio.gather and in a thread pool."""
    name, parameters = described["name"], described["parameters"]
    signature = signature_of(parameters)

    def plan(*args, **kwargs):
        values = bind(name, signature, parameters, args, kwargs)
        try:
            text = json_text(values)
        except NotJson as refused:
            raise TypeError(f"{name}(): {'; '.join(refused.faults)}") from None
        return Plan([{"kind": "tool", "tool": name, "args": text}], _one_result)

    def tool(*args, **kwargs):
        return perform(plan(*args, **kwargs))

    async def tool_async(*args, **kwargs):
        return await wait_for_plan(plan(*args, **kwargs))

    for function in (tool, tool_async):
        function.__name__ = function.__qualname__ = name
        function.__module__ = "__main__"
        function.__doc__ = described["description"]
        function.__signature__ = signature
        function.__annotations__ = {each["name"]: each["type"] for each in parameters}
    register(tool, plan, tool_async)
    return tool


def _one_result(replies):
    [reply] = replies
    if type(reply) is FailedToolCall:
        raise reply.to_exception()
    return reply
