"""Host calls: one suspension for the calls of one plan, or for all plans that wait at the same time."""

from _rlm_private_builtins import PRIVATE as __builtins__

import sys

from _rlm_budget import set_calls_used
from _rlm_host_calls import call
from _rlm_llm_errors import FailedReply, LlmCallLimitExceeded
from _rlm_session import stop_if_submitted
from _rlm_text import from_json, plain_to_json
from _rlm_tool_errors import FailedToolCall, ToolError

# Plans that were started and not sent yet, in the order of their creation.
_waiting = []


class Plan:
    """Requests that belong together, and how their replies become the result (or the exception) of the call."""

    __slots__ = ("finish", "requests")

    def __init__(self, requests, finish):
        self.requests = requests
        self.finish = finish


def perform(plan):
    """Sends a plan now and waits. Raises LlmCallLimitExceeded, or ToolError, when it does not fit the limits of its kind."""
    replies, refused = _suspend(plan.requests)
    if refused is not None:
        raise refused.error
    return plan.finish(replies)


def start(plan, future):
    """Leaves a plan for the next `flush`; `future` (of asyncio or of concurrent.futures) gets its outcome."""
    _waiting.append((plan, future))


def flush():
    """Sends everything that waits as one suspension. False when nothing waited."""
    started = [(plan, future) for plan, future in _waiting if not future.done()]
    _waiting.clear()
    if not started:
        return False
    while started:
        started = _send(started)
    return True


def _send(started):
    """One suspension. Returns the plans that are still to be sent: where the limit of one kind refused it, those of other kinds."""
    try:
        replies, refused = _suspend([request for plan, _ in started for request in plan.requests])
    except Exception as error:
        for _, future in started:
            future.set_exception(error)
        return []
    if refused is not None:
        return _those_that_fit(started, refused)
    for plan, future in started:
        own, replies = replies[: len(plan.requests)], replies[len(plan.requests) :]
        _settle(plan, own, future)
    return []


def _those_that_fit(started, refused):
    """Calls that know nothing of each other (of threads, of tasks) share what is left in their order; a plan is refused whole, with its own numbers."""
    fitting, used = [], refused.used
    for plan, future in started:
        asked = len([request for request in plan.requests if _budget_of(request) == refused.kind])
        if asked == 0 or asked <= refused.limit - used:
            fitting.append((plan, future))
            used += asked
        else:
            future.set_exception(refused.error_for(used, asked))
    # A refusal that is not for the number of calls refuses them all.
    if len(fitting) < len(started):
        return fitting
    for _, future in fitting:
        future.set_exception(refused.error)
    return []


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


def _budget_of(request):
    """Child runs count as sub-calls, beside what they use themselves."""
    return "tool" if request["kind"] == "tool" else "llm"


class _Refused:
    __slots__ = ("kind", "limit", "outcome", "used")

    def __init__(self, outcome):
        self.outcome = outcome
        self.kind = "tool" if outcome["of"] == "tool" else "llm"
        self.used = outcome["used"]
        # Money or tokens are spent, or it was for a child run: nothing fits, however few.
        whole = outcome.get("reason") is not None or outcome["of"] == "rlm"
        self.limit = self.used if whole else outcome["max"]

    @property
    def error(self):
        return _limit_error(self.outcome)

    def error_for(self, used, asked):
        return _limit_error({**self.outcome, "used": used, "asked": asked})


def _suspend(requests):
    """Replies in the order of the requests, or why none was sent."""
    if not requests:
        return [], None
    stop_if_submitted()
    outcome = from_json(call(plain_to_json({"calls": requests})))
    set_calls_used(outcome["llmCallsUsed"])
    refused = outcome.get("refused")
    if refused is not None:
        return None, _Refused(refused)
    outcomes = outcome["outcomes"]
    if len(outcomes) != len(requests):
        raise RuntimeError(f"the host answered {len(outcomes)} of {len(requests)} calls")
    return [_reply(request, item) for request, item in zip(requests, outcomes)], None


def _reply(request, outcome):
    failed = outcome.get("error")
    if request["kind"] == "tool":
        return from_json(outcome["json"]) if failed is None else FailedToolCall(request["tool"], failed["kind"], failed["message"])
    if failed is not None:
        return FailedReply(failed["kind"], failed["message"])
    if "text" in outcome:
        return outcome["text"]
    if "degraded" in outcome:
        print(f"[rlm_query: the child run reached its limit ({outcome['degraded']}); its answer is the best it had, treat it with care]", file=sys.stderr)
    return from_json(outcome["json"])


def _limit_error(refused):
    used, asked, limit = refused["used"], refused["asked"], refused["max"]
    if refused["of"] == "tool":
        return ToolError("limit", f"tool call limit reached: {used} of {limit} used, {asked} more asked, none of these was sent. Finish with what you have and call SUBMIT.")
    return LlmCallLimitExceeded(used, asked, limit, refused.get("reason"))
