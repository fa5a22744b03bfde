"""Whether a delivery worker lives, told from process to process by a few shared bytes."""

import mmap
import struct
import threading
import time

SILENT_SECONDS = 120.0
"""After how long without a beat a worker counts as dead: longer than any one delivery takes."""


class Heartbeat:
    """Bytes that forked processes share: made by `serve`, beaten by the worker, read by `/readyz`.

    The clock is the machine's own since boot, the same for all its processes.
    """

    def __init__(self) -> None:
        self._shared = mmap.mmap(-1, 8)

    def beat(self) -> None:
        """Say that the worker lives."""
        struct.pack_into("d", self._shared, 0, time.monotonic())

    def ended(self) -> None:
        """Say that the worker is gone."""
        struct.pack_into("d", self._shared, 0, 0.0)

    def lives(self) -> bool:
        """Tell whether the worker was heard lately."""
        last: float = struct.unpack_from("d", self._shared, 0)[0]
        return last > 0 and time.monotonic() - last < SILENT_SECONDS


class BeatingStop(threading.Event):
    """The event that stops a worker; as the worker looks at it before each delivery, it beats.

    So it is the loop itself that is heard, not a thread beside one that hangs.

    Args:
        heartbeat: what to beat.
        stop: the event that it stands for.
    """

    def __init__(self, heartbeat: Heartbeat, stop: threading.Event) -> None:
        super().__init__()
        self._heartbeat = heartbeat
        self._stop = stop

    def is_set(self) -> bool:
        """Beat, and tell whether to stop."""
        self._heartbeat.beat()
        return self._stop.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it is time to stop, or for so many seconds."""
        return self._stop.wait(timeout)
