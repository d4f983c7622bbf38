"""What the child process calls: `configure`, `bind_json`, `bind_lazy_text`, `input_bound`, `describe_inputs`, `run_cell`, and the dict NAMESPACE.

All arguments and results are JSON texts; only the names of inputs are plain.
"""

from _rlm_private_builtins import PRIVATE as __builtins__

from random import seed as _seed_random

from _rlm_budget import set_budget
from _rlm_call_tasks import drop_tasks
from _rlm_cell_source import cell_filename, compile_cell, remember_source
from _rlm_describe import describe_inputs as _describe_inputs
from _rlm_execute import execute
from _rlm_history import note_history
from _rlm_host_calls import ready, timed_out
from _rlm_interpreter import allow_long_integers, note_modules, repair_interpreter
from _rlm_lazy_text import LazyText
from _rlm_namespace import NAMESPACE, bind_json, bind_value, changed_since, first_user_names, identities, input_bound
from _rlm_output import begin_output, end_output
from _rlm_reserved import release, reserve, restore_names
from _rlm_rlm_functions import RLM_FUNCTIONS
from _rlm_session import Submitted, session
from _rlm_setup import describe_helpers, run_setup  # noqa: F401
from _rlm_text import from_json, to_json
from _rlm_tools import make_tool
from _rlm_traceback_text import bare_error_value, error_value, note_machinery


def configure(session_config_json):
    """Once in a new session, before its inputs. A session that is a copy of another's forgets whose it was; the variables stay."""
    config = from_json(session_config_json)
    drop_tasks()
    session.inputs.clear()
    session.submission = None
    session.generation += 1
    session.can_recurse = config.get("recursion", False)
    release(RLM_FUNCTIONS)
    if session.can_recurse:
        reserve(RLM_FUNCTIONS)
    session.output_names = tuple(config["outputNames"]) or ("output",)
    session.optional_outputs = frozenset(config.get("optionalOutputNames", ()))
    session.max_output_chars = config["maxOutputChars"]
    reserve({tool["name"]: make_tool(tool) for tool in config.get("tools", ())})
    allow_long_integers()
    _seed_random(config["seed"])


def bind_lazy_text(name, digest, size, characters, checkpoints):
    """Binds a text that stays outside of memory; `checkpoints` is a JavaScript buffer, see CharacterIndex."""
    bind_value(name, LazyText(digest, size, characters, checkpoints.to_bytes()))


def describe_inputs():
    return to_json(_describe_inputs() + describe_helpers())


def run_cell(args_json):
    """Runs one cell to its end. Never raises because of what the cell did."""
    args = from_json(args_json)
    code, limit = args["code"], session.max_output_chars
    set_budget(args["budget"])
    note_history(args["history"])
    session.submission, session.swallowed = None, 0
    begin_output(limit)
    before = identities()
    value, error, compiled = None, None, None
    try:
        ready()
        filename = cell_filename(args["budget"]["turn"], session.generation)
        remember_source(filename, code)
        compiled = compile_cell(code, filename)
        allow_long_integers()
        value = execute(compiled)
    except BaseException as raised:
        error = raised
        drop_tasks()
    try:
        return to_json(_result(value, error, before, compiled))
    except BaseException as raised:
        # The deadline may strike in here, or the memory be used up; the cell's own error says more than ours.
        return to_json(_bare_result(raised if error is None else error))
    finally:
        # The traceback refers to this frame: without the cycle, what the failed cell held in its functions is freed at once.
        error = None


def _result(value, error, before, compiled):
    repair_interpreter()
    restored = restore_names()
    failed = error is not None and not issubclass(type(error), Submitted)
    result = {
        "output": end_output(),
        "value": value,
        "error": error_value(error, _is_late(error), session.max_output_chars) if failed else None,
        "submit": _submission(),
        "changed": changed_since(before, compiled.stored_names if compiled else ()),
        "restored": restored,
    }
    if issubclass(type(error), NameError):
        result["names"] = first_user_names()
    return result


def _is_late(error):
    return type(error) is KeyboardInterrupt and timed_out()


def _submission():
    return None if session.submission is None else {"json": session.submission}


def _bare_result(error):
    repair_interpreter()
    restored = restore_names()
    return {
        "output": end_output(),
        "value": None,
        "error": None if issubclass(type(error), Submitted) else bare_error_value(error, _is_late(error), session.max_output_chars),
        "submit": _submission(),
        "changed": [],
        "restored": restored,
    }


note_machinery()
note_modules()
