"""Chapters of a video, from the WebVTT file that its author wrote. Pure."""

from dataclasses import dataclass

import webvtt
from webvtt.errors import MalformedCaptionError, MalformedFileError
from webvtt.models import Timestamp


@dataclass(frozen=True, slots=True)
class Chapter:
    """Where a part of a video begins, in seconds, and what it is called."""

    starts: float
    title: str

    @property
    def clock(self) -> str:
        """The start as people read it."""
        return clock(self.starts)


def clock(seconds: float) -> str:
    """Return a place in a film as minutes and seconds, with hours when there are any."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def read(text: str) -> tuple[Chapter, ...]:
    """Return the chapters in a WebVTT file, in order; none for a text that is no such file."""
    try:
        cues = webvtt.from_string(text)
    except (MalformedFileError, MalformedCaptionError):
        return ()
    found = [Chapter(_seconds(cue.start_time), " ".join(cue.text.split())) for cue in cues]
    return tuple(sorted((one for one in found if one.title), key=lambda one: one.starts))


def _seconds(time: Timestamp) -> float:
    """Return a time with its milliseconds, which the library's own number of seconds drops."""
    return float(time.hours * 3600 + time.minutes * 60 + time.seconds + time.milliseconds / 1000)
