"""`SUBMIT`: records the outputs, then ends the cell."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_session import Submitted, session, stop_if_submitted
from _rlm_text import utf8_length
from _rlm_values import NotJson, json_text

# The host checks the types of what is submitted, and does nothing else meanwhile: 8 MiB take it a second.
_MAX_BYTES = 8 << 20


def SUBMIT(*values, **named):
    """Ends the run with its outputs: one argument for each output field, in order or by name."""
    stop_if_submitted()
    outputs = _bind(session.output_names, values, named)
    try:
        text = json_text(outputs)
    except NotJson as refused:
        text = "SUBMIT was refused, the run goes on:\n- " + "\n- ".join(refused.faults)
        raise (ValueError if refused.only_numbers else TypeError)(text) from None
    size = utf8_length(text)
    if size > _MAX_BYTES:
        raise ValueError(f"SUBMIT was refused, the run goes on: the outputs are {size:,} bytes as JSON, at most {_MAX_BYTES:,} are possible. Shorten or summarize them.")
    session.submission = text
    raise Submitted


def _bind(names, values, named):
    faults = []
    if len(values) > len(names):
        faults.append(f"{len(values)} positional values were given for {_count(len(names), 'output')}")
    bound = dict(zip(names, values))
    for name, value in named.items():
        if name in bound:
            faults.append(f"{name!r} was given twice")
        elif name in names:
            bound[name] = value
        else:
            faults.append(f"there is no output {name!r}")
    missing = [repr(name) for name in names if name not in bound and name not in session.optional_outputs]
    if missing:
        faults.append(f"missing: {', '.join(missing)}")
    if faults:
        usage = ", ".join([f"{name}=..." for name in names])
        raise TypeError(f"SUBMIT was refused, the run goes on: {'; '.join(faults)}. Call SUBMIT({usage}).")
    return {name: bound[name] for name in names if name in bound}


def _count(number, noun):
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
