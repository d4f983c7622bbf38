"""`rlm_query` and its relatives: child runs, which see a copy of this session as it was at the start of the turn."""

from _rlm_private_builtins import PRIVATE as __builtins__

from asyncio import _get_running_loop

from _rlm_calls import Plan, perform
from _rlm_llm_functions import AwaitableReply, one_reply, typed_replies
from _rlm_namespace import check_name
from _rlm_planned_functions import register, wait_for_plan
from _rlm_schema import read_outputs
from _rlm_session import session
from _rlm_text import plain_str
from _rlm_type_names import class_name
from _rlm_values import NotJson, json_text


def rlm_query(task, *, schema=None, **variables):
    """Gives a task to a child run and returns its answer: a str, or what `schema` says.

    The child is a language model with a REPL of its own, which holds a copy of your variables as they were when this turn began, and the
    variables given here by name. What it changes stays with it. Raises LlmError when it fails.
    """
    reply = perform(_plan_one(task, schema=schema, **variables))
    return AwaitableReply(reply) if type(reply) is str and _get_running_loop() is not None else reply


def rlm_query_batched(tasks, *, schema=None, **variables):
    """Gives many tasks to child runs that work at the same time; answers come in order. Each task is a str, or (str, dict of its own variables).

    A child that failed leaves an LlmError in its slot.
    """
    return perform(_plan_many(tasks, schema=schema, **variables))


async def rlm_query_async(task, *, schema=None, **variables):
    """Awaitable rlm_query."""
    return await wait_for_plan(_plan_one(task, schema=schema, **variables))


async def rlm_query_batched_async(tasks, *, schema=None, **variables):
    """Awaitable rlm_query_batched."""
    return await wait_for_plan(_plan_many(tasks, schema=schema, **variables))


RLM_FUNCTIONS = {
    "rlm_query": rlm_query,
    "rlm_query_batched": rlm_query_batched,
    "rlm_query_async": rlm_query_async,
    "rlm_query_batched_async": rlm_query_batched_async,
}


def _plan_one(task, *, schema=None, **variables):
    outputs = read_outputs(schema)
    return Plan([_request(task, outputs, variables, "the task")], one_reply(outputs))


def _plan_many(tasks, *, schema=None, **variables):
    if isinstance(tasks, (str, bytes, dict)) or not hasattr(type(tasks), "__iter__"):
        raise TypeError(f"rlm_query_batched needs a list of tasks, got {class_name(tasks)}; for one task use rlm_query")
    outputs = read_outputs(schema)
    return Plan([_item(item, outputs, variables, f"tasks[{index}]") for index, item in enumerate(tasks)], typed_replies(outputs))


def _item(item, outputs, variables, where):
    if isinstance(item, (tuple, list)) and len(item) == 2 and isinstance(item[1], dict):
        return _request(item[0], outputs, {**variables, **item[1]}, where)
    return _request(item, outputs, variables, where)


def _request(task, outputs, variables, where):
    if not session.can_recurse:
        raise RuntimeError("rlm_query: this run is as deep as child runs may be nested; do the task here, with code and llm_query")
    if not isinstance(task, str):
        raise TypeError(f"{where} must be a str, got {class_name(task)}; in a batch each item is a str, or (str, dict of variables)")
    task = plain_str(task)
    if not task or task.isspace():
        raise ValueError(f"{where} is empty; nothing was started")
    for name in variables:
        if not isinstance(name, str):
            raise TypeError(f"{where}: the names of variables are str, got {class_name(name)}")
        check_name(name)
    try:
        text = json_text(variables)
    except NotJson as refused:
        faults = "; ".join(refused.faults)
        raise TypeError(f"{where}: variables are copied as JSON: {faults}. The child sees all variables of earlier turns anyway, whatever their type") from None
    return {"kind": "rlm", "task": task, "outputs": outputs.spec, "variables": text}


register(rlm_query, _plan_one, rlm_query_async)
register(rlm_query_batched, _plan_many, rlm_query_batched_async)
