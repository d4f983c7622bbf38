"""Host calls: one suspension for the calls of one plan, or for all plans that wait at the same time."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_budget import set_calls_used
from _rlm_host_calls import call
from _rlm_llm_errors import FailedReply, LlmCallLimitExceeded
from _rlm_session import stop_if_submitted
from _rlm_text import from_json, to_json

# Plans that were started and not sent yet, in the order of their creation.
_waiting = []


class Plan:
    """Requests that belong together, and how their replies become the result (or the exception) of the call."""

    __slots__ = ("finish", "requests")

    def __init__(self, requests, finish):
        self.requests = requests
        self.finish = finish


def perform(plan):
    """Sends a plan now and waits. Raises LlmCallLimitExceeded when it does not fit the budget."""
    return plan.finish(_suspend(plan.requests))


def start(plan, future):
    """Leaves a plan for the next `flush`; `future` (of asyncio or of concurrent.futures) gets its outcome."""
    _waiting.append((plan, future))


def flush():
    """Sends everything that waits as one suspension. False when nothing waited."""
    started = [(plan, future) for plan, future in _waiting if not future.done()]
    _waiting.clear()
    if not started:
        return False
    try:
        replies = _suspend([request for plan, _ in started for request in plan.requests])
    except Exception as error:
        for _, future in started:
            future.set_exception(error)
        return True
    for plan, future in started:
        own, replies = replies[: len(plan.requests)], replies[len(plan.requests) :]
        _settle(plan, own, future)
    return True


def withdraw():
    """Cancels what waits: a cell that failed must not spend budget in a later one."""
    for _, future in _waiting:
        future.cancel()
    _waiting.clear()


def _settle(plan, replies, future):
    try:
        result = plan.finish(replies)
    except Exception as error:
        future.set_exception(error)
    else:
        future.set_result(result)


def _suspend(requests):
    if not requests:
        return []
    stop_if_submitted()
    outcome = from_json(call(to_json({"kind": "llm", "calls": requests})))
    set_calls_used(outcome["llmCallsUsed"])
    refused = outcome.get("refused")
    if refused is not None:
        raise LlmCallLimitExceeded(refused["used"], refused["asked"], refused["max"], refused.get("reason"))
    outcomes = outcome["outcomes"]
    if len(outcomes) != len(requests):
        raise RuntimeError(f"the host answered {len(outcomes)} of {len(requests)} calls")
    return [_reply(item) for item in outcomes]


def _reply(outcome):
    failed = outcome.get("error")
    return outcome["text"] if failed is None else FailedReply(failed["kind"], failed["message"])
