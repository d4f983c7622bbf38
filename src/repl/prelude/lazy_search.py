"""Regular expressions over a text outside of memory."""

from _rlm_private_builtins import PRIVATE as __builtins__

import re

from _rlm_lazy_errors import too_large
from _rlm_lazy_file import sizes

_compile = re.compile
# Characters. A match that goes on beyond what is read is looked at with more text, up to here.
_LONGEST = 1 << 20


class LazyMatch:
    """A match with positions in the whole text. Holds its groups and nothing else of the text."""

    __slots__ = ("_groups", "_spans", "lastgroup", "lastindex", "re")

    def __init__(self, match, shift):
        self.re = match.re
        self.lastgroup, self.lastindex = match.lastgroup, match.lastindex
        self._groups = (match.group(), *match.groups())
        self._spans = tuple([(start + shift, end + shift) if start >= 0 else (-1, -1) for start, end in match.regs])

    def group(self, *groups):
        found = [self._groups[self._number(group)] for group in groups or (0,)]
        return found[0] if len(found) == 1 else tuple(found)

    def groups(self, default=None):
        return tuple([default if text is None else text for text in self._groups[1:]])

    def groupdict(self, default=None):
        return {name: default if self.group(name) is None else self.group(name) for name in self.re.groupindex}

    def start(self, group=0):
        return self.span(group)[0]

    def end(self, group=0):
        return self.span(group)[1]

    def span(self, group=0):
        return self._spans[self._number(group)]

    def __getitem__(self, group):
        return self.group(group)

    def __repr__(self):
        return f"<LazyMatch span={self.span()}, match={self.group()[:50]!r}>"

    def _number(self, group):
        number = self.re.groupindex.get(group, -1) if isinstance(group, str) else group
        if not 0 <= number < len(self._groups):
            raise IndexError("no such group")
        return number


def finditer(file, pattern, flags):
    """As `re.finditer` on the whole text, for matches (with what they look at around them) of at most `sizes.reach` characters."""
    compiled = _compile(pattern, flags)
    if not isinstance(compiled.pattern, str):
        raise TypeError("cannot use a bytes pattern on a LazyText")
    windows = file.texts()
    text, shift, position, empty_at, is_last = "", 0, 0, -1, False
    while not is_last:
        piece = next(windows, None)
        is_last = piece is None
        text += piece or ""
        # Beyond this, a match could see less than its reach.
        limit = len(text) + 1 if is_last else len(text) - sizes.reach
        for match in compiled.finditer(text, position) if position < limit else ():
            start, end = match.span()
            if start >= limit:
                break
            if start == end == empty_at:
                continue
            if end == len(text) and not is_last:
                if end - start > max(_LONGEST, sizes.reach):
                    raise too_large(f"A match at {start + shift:,} has more than {_LONGEST:,} characters", "Make the pattern less greedy, e.g. .*? or [^\\n]*.")
                limit = start
                break
            yield LazyMatch(match, shift)
            position, empty_at = end, end if start == end else -1
        position = max(position, min(limit, len(text)))
        cut = max(0, position - sizes.reach)
        text, shift, position, empty_at = text[cut:], shift + cut, position - cut, empty_at - cut


def findall(file, pattern, flags):
    """As `re.findall`."""
    found = []
    for match in finditer(file, pattern, flags):
        groups = match.groups("")
        found.append(match.group() if not groups else groups[0] if len(groups) == 1 else groups)
    return found
