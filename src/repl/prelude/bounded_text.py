"""Head and tail of a text of any length, in memory bounded by the limit and not by the text."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_text import plain_str


class BoundedText:
    """Takes a text piece by piece and keeps its first and last characters; `limit` is the sum of both."""

    __slots__ = ("_head", "_head_room", "_tail", "_tail_length", "_tail_limit", "chars", "limit")

    def __init__(self, limit):
        self.limit = limit
        self.chars = 0
        self._head = []
        self._head_room = limit - limit // 2
        self._tail = []
        self._tail_length = 0
        self._tail_limit = limit // 2

    def write(self, piece):
        piece = plain_str(piece)
        length = len(piece)
        self.chars += length
        start = min(self._head_room, length)
        if start:
            self._head.append(piece[:start])
            self._head_room -= start
        # Slice once and only what may stay: the piece can be a gigabyte long.
        start = max(start, length - self._tail_limit)
        if start < length:
            self._tail.append(piece[start:])
            self._tail_length += length - start
            if self._tail_length > 4 * self._tail_limit + 4096:
                self._compact()

    def _compact(self):
        kept = "".join(self._tail)
        kept = kept[max(0, len(kept) - self._tail_limit) :]
        self._tail = [kept]
        self._tail_length = len(kept)

    def to_value(self):
        """The `BoundedText` of the contract; a text within the limit is whole in `head`."""
        self._compact()
        head, tail = "".join(self._head), self._tail[0]
        if self.chars <= self.limit:
            return {"head": head + tail, "tail": "", "chars": self.chars}
        return {"head": head, "tail": tail, "chars": self.chars}


def bounded(text, limit):
    kept = BoundedText(limit)
    kept.write(text)
    return kept.to_value()


def clip(text, limit):
    """One short `str` for a place that has no room for head and tail apart."""
    text = plain_str(text)
    if len(text) <= limit:
        return text
    head, tail = limit - limit // 3, limit // 3
    return f"{text[:head]} [… {len(text) - head - tail:,} characters left out …] {text[len(text) - tail:]}"
