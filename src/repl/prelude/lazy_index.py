"""Characters <-> bytes of a large UTF-8 file, from checkpoints about every 64 KiB."""

from _rlm_private_builtins import PRIVATE as __builtins__

from bisect import bisect_right


class CharacterIndex:
    """`checkpoints`: u64 byte positions, then as many u64 character positions; from 0 to the end, each at the start of a character."""

    __slots__ = ("_bytes", "_characters", "_file", "characters", "is_ascii")

    def __init__(self, file, characters, checkpoints):
        self._file = file
        self.characters = characters
        self.is_ascii = characters == file.size
        table = memoryview(checkpoints).cast("Q")
        self._bytes = table[: len(table) // 2]
        self._characters = table[len(table) // 2 :]

    def byte_at(self, character):
        """Where a character begins. `character` is from 0 to the number of characters."""
        if self.is_ascii:
            return character
        if character == self.characters:
            return self._file.size
        at = bisect_right(self._characters, character) - 1
        start, skipped = self._bytes[at], character - self._characters[at]
        text = self._file.read(start, self._bytes[at + 1]).decode() if skipped else ""
        return start + len(text[:skipped].encode())

    def character_at(self, byte):
        """Number of characters before a byte that begins one."""
        if self.is_ascii:
            return byte
        at = bisect_right(self._bytes, byte) - 1
        return self._characters[at] + len(self._file.read(self._bytes[at], byte).decode())
