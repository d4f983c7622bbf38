"""Settings of the interpreter that a cell can change and that the prelude, or the next cell, cannot do without."""

from _rlm_private_builtins import PRIVATE as __builtins__

import sys

_set_trace, _set_profile, _set_int_digits = sys.settrace, sys.setprofile, sys.set_int_max_str_digits
_modules = sys.modules
_noted = {}


def allow_long_integers():
    """Integers are written out at any length; Python's own limit is 4,300 digits."""
    _set_int_digits(0)


def repair_interpreter():
    """Ends tracing, puts back the modules of the base image that a cell threw out."""
    _set_trace(None)
    _set_profile(None)
    sys.modules = _modules
    for name, module in _noted.items():
        _modules.setdefault(name, module)


def note_modules():
    """Called once when the prelude is complete."""
    _noted.update(_modules)
