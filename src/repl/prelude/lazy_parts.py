"""Parts of a text outside of memory, as `str`. Positions are characters."""

from _rlm_private_builtins import PRIVATE as __builtins__

from _rlm_lazy_errors import too_large
from _rlm_lazy_file import sizes

IN_PARTS = "Work on parts: text[a:b], or line by line: for line in text."


def part(file, index, first, last):
    start, stop = (index.byte_at(first), index.byte_at(last)) if first < last else (0, 0)
    if stop - start > sizes.part_bytes:
        raise too_large(f"{last - first:,} characters of this text are {stop - start:,} bytes", IN_PARTS)
    return file.read(start, stop).decode()


def stepped(file, index, chosen):
    """The characters at the positions of a range, whatever span it covers."""
    if chosen.step < 0:
        return stepped(file, index, chosen[::-1])[::-1]
    if len(chosen) > sizes.part_bytes // 4:
        raise too_large(f"A slice of {len(chosen):,} characters is too much at once", IN_PARTS)
    pieces, at, span = [], chosen.start, max(1, sizes.window_bytes // 4)
    end = min(chosen.stop, index.characters)
    while at < end:
        piece = part(file, index, at, min(end, at + span))
        pieces.append(piece[:: chosen.step])
        at += -(-len(piece) // chosen.step) * chosen.step
    return "".join(pieces)
