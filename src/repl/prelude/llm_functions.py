"""`llm_query` and its relatives, as cells see them."""

from _rlm_private_builtins import PRIVATE as __builtins__

from asyncio import _get_running_loop

from _rlm_calls import Plan, perform
from _rlm_lazy_text import LazyText
from _rlm_llm_errors import FailedReply, LlmError
from _rlm_planned_functions import register, wait_for_plan
from _rlm_schema import read_schema
from _rlm_text import plain_str
from _rlm_type_names import class_name


# Two million tokens, the largest window of any model we know of, are about as much. The limit of the model at hand is its server's to say.
_MAX_PROMPT_CHARS = 8 << 20


class AwaitableReply(str):
    """What `llm_query` returns inside a coroutine: the text, which may be awaited once more."""

    def __await__(self):
        return plain_str(self)
        yield


def llm_query(prompt, *, model=None, schema=None):
    """Asks the sub-model one question and returns its answer: a str, or with `schema` (a type, its name, or a JSON Schema) a value of that type.

    Raises LlmError when the call fails for good, LlmCallLimitExceeded when the budget is used up.
    """
    reply = perform(_plan_one(prompt, model=model, schema=schema))
    return AwaitableReply(reply) if type(reply) is str and _get_running_loop() is not None else reply


def llm_query_batched(prompts, *, model=None, schema=None):
    """Asks many questions at the same time; answers come in the order of the prompts. A call that failed leaves an LlmError in its slot."""
    return perform(_plan_many(prompts, model=model, schema=schema))


async def llm_query_async(prompt, *, model=None, schema=None):
    """Awaitable llm_query: calls gathered by asyncio run at the same time."""
    return await wait_for_plan(_plan_one(prompt, model=model, schema=schema))


async def llm_query_batched_async(prompts, *, model=None, schema=None):
    """Awaitable llm_query_batched."""
    return await wait_for_plan(_plan_many(prompts, model=model, schema=schema))


def one_reply(typed):
    """How the replies of a plan with one request become its result. `typed`: what a reply is; None: a text."""

    def finish(replies):
        [reply] = typed_replies(typed)(replies)
        if type(reply) is FailedReply:
            raise LlmError(reply.kind, reply.message)
        return reply

    return finish


def typed_replies(typed):
    """The same for many requests: a failed one stays an LlmError in its slot."""
    if typed is None:
        return list
    return lambda replies: [reply if type(reply) is FailedReply else typed.value(reply) for reply in replies]


def _plan_one(prompt, *, model=None, schema=None):
    typed = None if schema is None else read_schema(schema)
    return Plan([_request(prompt, model, typed, "the prompt")], one_reply(typed))


def _plan_many(prompts, *, model=None, schema=None):
    if isinstance(prompts, (str, bytes, dict, LazyText)) or not hasattr(type(prompts), "__iter__"):
        raise TypeError(f"llm_query_batched needs a list of prompts, got {class_name(prompts)}; for one prompt use llm_query")
    typed = None if schema is None else read_schema(schema)
    return Plan([_request(prompt, model, typed, f"prompts[{index}]") for index, prompt in enumerate(prompts)], typed_replies(typed))


def _request(prompt, model, typed, where):
    if type(prompt) is LazyText:
        raise TypeError(f"{where} is a LazyText of {len(prompt):,} characters; give a part of it, text[a:b], that fits one call")
    if not isinstance(prompt, str):
        raise TypeError(f"{where} must be a str, got {class_name(prompt)}; make it a text, e.g. with str() or json.dumps()")
    if model is not None and not isinstance(model, str):
        raise TypeError(f"model must be the name of a model or None, got {class_name(model)}")
    prompt = plain_str(prompt)
    if not prompt or prompt.isspace():
        raise ValueError(f"{where} is empty; nothing was sent")
    if len(prompt) > _MAX_PROMPT_CHARS:
        raise ValueError(f"{where} has {len(prompt):,} characters, at most {_MAX_PROMPT_CHARS:,} fit one call; nothing was sent. Split it, e.g. text[a:b], and ask about the parts")
    request = {"kind": "llm", "prompt": prompt, "model": None if model is None else plain_str(model)}
    return request if typed is None else {**request, "schema": typed.spec}


register(llm_query, _plan_one, llm_query_async)
register(llm_query_batched, _plan_many, llm_query_batched_async)
