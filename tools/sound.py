"""The sound of a meeting room, made of numbers: air, a clock, steps in the hall, a cup, a pen.

Nothing here was recorded, so that nobody is heard. The same seed gives the same sound.
"""

import array
import math
import random
import sys
import wave
from collections.abc import Callable
from pathlib import Path

RATE = 24_000
"""Samples a second, one channel."""

Samples = list[float]


def meeting_room(path: Path, seconds: float) -> None:
    """Write a room's sound of so many seconds, with the small things that happen in the film."""
    chance = random.Random(37)  # noqa: S311 - noise, no secret
    sound = _air(chance, seconds)
    for second in range(int(seconds)):
        loud = 0.1 if second < 5 or second > 30 else 0.055
        _add(sound, second + 0.35, _tick(chance, 2300 if second % 2 else 1950), loud)
    for start, steps, near in ((7.2, 6, 0.05), (21.5, 8, 0.06)):
        for step in range(steps):
            share = math.sin(math.pi * (step + 1) / (steps + 1))
            _add(
                sound,
                start + step * 0.56 + chance.uniform(-0.02, 0.02),
                _step(chance),
                near * share,
            )
    for moment in (3.9, 13.1, 24.7, 33.4):
        _add(sound, moment, _tick(chance, 900), 0.03)
    _add(sound, 5.1, _rustle(chance, 0.5), 0.03)
    _add(sound, 19.5, _rustle(chance, 0.7), 0.024)
    _add(sound, 15.5, _struck((1720, 2950, 4300), 0.05), 0.06)
    _add(sound, 37.75, _struck((640, 1480, 2600), 0.02), 0.2)
    _add(sound, 37.86, _struck((700, 1600, 2900), 0.014), 0.1)
    _fade(sound, 0.8)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        clipped = array.array("h", (round(max(-1.0, min(1.0, one)) * 32_000) for one in sound))
        if sys.byteorder == "big":
            clipped.byteswap()
        file.writeframes(clipped.tobytes())


def _air(chance: random.Random, seconds: float) -> Samples:
    """Return the air of a room: noise without its high part, slowly swelling."""
    low = lower = 0.0
    found = []
    for at in range(round(seconds * RATE)):
        low += (chance.uniform(-1, 1) - low) * 0.035
        lower += (low - lower) * 0.12
        swell = 1 + 0.25 * math.sin(2 * math.pi * 0.11 * at / RATE)
        found.append(lower * 0.11 * swell)
    return found


def _shape(seconds: float, wave_at: Callable[[float], float]) -> Samples:
    return [wave_at(at / RATE) for at in range(round(seconds * RATE))]


def _tick(chance: random.Random, pitch: float) -> Samples:
    return _shape(
        0.03,
        lambda t: (
            math.exp(-t * 320)
            * (0.7 * math.sin(2 * math.pi * pitch * t) + chance.uniform(-0.4, 0.4))
        ),
    )


def _step(chance: random.Random) -> Samples:
    """Return a step behind a wall: hardly more than a thud."""
    pitch = chance.uniform(78, 96)
    return _shape(
        0.2, lambda t: math.exp(-t * 26) * math.sin(2 * math.pi * pitch * t) * min(1, t * 220)
    )


def _struck(pitches: tuple[float, ...], rings: float) -> Samples:
    """Return something hard that is put down; it rings for so many seconds."""
    return _shape(
        rings * 8,
        lambda t: sum(
            math.exp(-t / rings * (1 + at * 0.6)) * math.sin(2 * math.pi * pitch * t) / (at + 1)
            for at, pitch in enumerate(pitches)
        ),
    )


def _rustle(chance: random.Random, seconds: float) -> Samples:
    """Return paper that moves."""
    before = 0.0
    found = []
    for at in range(round(seconds * RATE)):
        now = chance.uniform(-1, 1)
        share = at / (seconds * RATE)
        grain = 0.4 + 0.6 * abs(math.sin(share * 19)) * abs(math.sin(share * 7 + 1))
        found.append((now - before) * 0.5 * math.sin(math.pi * share) * grain)
        before = now
    return found


def _add(sound: Samples, start: float, piece: Samples, loudness: float) -> None:
    begins = round(start * RATE)
    for at, one in enumerate(piece):
        if begins + at < len(sound):
            sound[begins + at] += one * loudness


def _fade(sound: Samples, seconds: float) -> None:
    """Let it come and go gently."""
    count = round(seconds * RATE)
    for at in range(count):
        sound[at] *= at / count
        sound[-1 - at] *= at / count
