"""What a phone writes into a film beside the film: its place, maker and owner. Removed here.

A film cannot be made anew as a picture can, but in MP4 and M4A files what is not picture or
sound stands in boxes of its own (ISO/IEC 14496-12 §8.10; Apple adds `©xyz`, the place). Those
are emptied where they stand, so that nothing else moves.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

_EMPTIED = {b"udta", b"meta", b"uuid"}
_ENTERED = {b"moov", b"trak"}
_MAX_BOXES = 10_000
_BLANK = 64 * 1024


def forget_origin(file: BinaryIO) -> None:
    """Empty the boxes of an MP4 or M4A that say where it comes from.

    Args:
        file: open for reading and writing. One that is no sound MP4 stays as it is.
    """
    end = file.seek(0, 2)
    for place, kind, begins, ends in list(_boxes(file, 0, end)):
        if kind in _EMPTIED:
            file.seek(place + 4)
            file.write(b"free")
            file.seek(begins)
            while (left := ends - file.tell()) > 0:
                file.write(b"\0" * min(_BLANK, left))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, bytes, int, int]]:
    """Yield each box at the top and in the film's description: place, kind, content's bounds."""
    todo = [(start, end)]
    for _ in range(_MAX_BOXES):
        if not todo:
            return
        place, stop = todo.pop()
        file.seek(place)
        head = file.read(16)
        if place + 8 > stop or len(head) < 8:
            continue
        size, kind = struct.unpack_from(">I4s", head)
        begins = place + 8
        if size == 1 and len(head) == 16:
            size, begins = struct.unpack_from(">Q", head, 8)[0], place + 16
        ends = place + size if size else stop
        if ends < begins or ends > stop:
            continue
        todo.append((ends, stop))
        if kind in _ENTERED:
            todo.append((begins, ends))
        yield place, kind, begins, ends
