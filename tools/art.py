"""Render the drawings of `content/art` to the pictures and films that the items show.

Drawings that `tools/drawing` makes (people, and the places where they meet) are written first; the
others are drawn by hand. Run it after changing either; what it makes is committed, so that nobody
needs it otherwise:

    .venv/bin/python tools/art.py            what is older than its drawing
    .venv/bin/python tools/art.py --all      everything

Needs Debian's chromium (drawings) and ffmpeg (films).
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from drawing.gallery import drawn, drawn_for_pages
from PIL import Image
from playwright.sync_api import Browser, sync_playwright
from sound import meeting_room

CONTENT = Path(__file__).resolve().parent.parent / "content"
ART = CONTENT / "art"
PAGES = CONTENT.parent / "lti_tool" / "static" / "art"
SIZE = (1600, 900)
"""Pixels of a scene, from which films are cut."""

QUALITIES = (90, 84, 78, 72, 66, 60)
"""WebP's qualities, of which the first that makes a picture light enough is taken."""
LARGEST = {480: 15_000, 1600: 39_900}
"""Bytes that a picture may have, by its width in pixels: a portrait, a scene."""

FRAMES_PER_SECOND = 25
FADE = 0.5
"""Seconds in which one shot turns into the next."""

Box = tuple[float, float, float]
"""A cut-out: left and top edge, and width, as parts of the drawing's width (16:9)."""


@dataclass(frozen=True)
class Shot:
    """A slow move over one drawing, from one cut-out to another, in seconds."""

    drawing: str
    start: Box
    end: Box
    seconds: float


@dataclass(frozen=True)
class Film:
    """A film of shots over drawings of one item; `formats` are those in which it is made."""

    made: Path
    drawings: Path
    size: tuple[int, int]
    formats: tuple[str, ...]
    shots: tuple[Shot, ...]
    sound: Callable[[Path, float], None] | None = None
    """What writes the sound under it, of so many seconds, as WAV."""

    @property
    def seconds(self) -> float:
        """How long it is: shots overlap while one turns into the next."""
        return sum(one.seconds for one in self.shots) - FADE * (len(self.shots) - 1)


FILMS = (
    Film(
        CONTENT / "bij-elkaar-kijken" / "weerstand",
        ART / "bij-elkaar-kijken",
        (1280, 720),
        (".mp4", ".webm"),
        (
            Shot("tafel", (0.04, 0.01, 0.8), (0.1, 0.06, 0.76), 2.7),
            Shot("film/marja-vraagt", (0.13, 0.04, 0.74), (0.16, 0.06, 0.68), 3.3),
            Shot("ordners", (0.03, 0.16, 0.62), (0.36, 0.225, 0.58), 7.7),
            Shot("film/youssef-praat", (0.13, 0.04, 0.74), (0.16, 0.06, 0.68), 3.7),
            Shot("film/marja-precies", (0.13, 0.04, 0.74), (0.16, 0.06, 0.68), 4.7),
            Shot("achterin", (0.0, 0.0, 1.0), (0.06, 0.2, 0.62), 7.3),
            Shot("achterin", (0.3, 0.06, 0.66), (0.38, 0.08, 0.56), 5.7),
            Shot("film/youssef-zwijgt", (0.13, 0.04, 0.74), (0.16, 0.06, 0.68), 4.2),
            Shot("film/marja-droog", (0.14, 0.05, 0.72), (0.16, 0.06, 0.68), 2.5),
            Shot("tafel", (0.16, 0.16, 0.62), (0.2, 0.26, 0.5), 2.7),
        ),
        meeting_room,
    ),
    Film(
        CONTENT.parent / "docs" / "starters" / "film" / "film",
        ART / "hij-slaapt-niet",
        (640, 360),
        (".mp4",),
        (Shot("deuropening", (0.0, 0.14, 0.75), (0.5, 0.02, 0.5), 10),),
    ),
)
ENCODERS = {
    ".mp4": "-c:v libx264 -preset medium -crf 33 -tune animation -movflags +faststart",
    ".webm": "-c:v libvpx-vp9 -crf 47 -b:v 0 -row-mt 1 -deadline good -cpu-used 5 -g 125",
}
SOUND = {".mp4": "-c:a aac -b:a 32k", ".webm": "-c:a libopus -b:a 24k"}
PLAIN = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -pix_fmt yuv420p"
"""The same input makes the same file, and nothing in it says where it was made."""


def main() -> int:
    """Render what is asked for; returns the exit code."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--all", action="store_true", help="also what is up to date")
    everything = arguments.parse_args().all
    _write()
    drawings = sorted(ART.rglob("*.svg"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for drawing in drawings:
            if drawing.parent.name == "film":
                continue
            picture = CONTENT / drawing.relative_to(ART).with_suffix(".webp")
            if everything or _is_older(picture, drawing):
                picture.parent.mkdir(exist_ok=True)
                _save(_draw(browser, drawing, scale=1), picture)
                print(picture.relative_to(CONTENT), picture.stat().st_size)  # noqa: T201
        for film in FILMS:
            sources = {one.drawing: film.drawings / f"{one.drawing}.svg" for one in film.shots}
            first = film.made.with_suffix(film.formats[0])
            if everything or any(_is_older(first, drawing) for drawing in sources.values()):
                _make(film, {name: _draw(browser, path, scale=2) for name, path in sources.items()})
        browser.close()
    return 0


def _write() -> None:
    """Write the SVG of each drawing that is made by functions, where it changed."""
    made = {ART / f"{name}.svg": svg for name, svg in drawn().items()}
    made |= {PAGES / f"{name}.svg": svg for name, svg in drawn_for_pages().items()}
    for path, svg in made.items():
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != svg:
            path.write_text(svg, "utf-8")


def _is_older(made: Path, source: Path) -> bool:
    return not made.exists() or made.stat().st_mtime < source.stat().st_mtime


def _draw(browser: Browser, drawing: Path, *, scale: int) -> Image.Image:
    width, height = (
        int(re.search(rf'<svg [^>]*\b{side}="(\d+)"', drawing.read_text("utf-8"))[1])
        for side in ("width", "height")
    )
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.goto(drawing.as_uri())
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return image


def _save(image: Image.Image, picture: Path) -> None:
    """Write a picture as good as its weight allows."""
    for quality in QUALITIES:
        image.save(picture, "WEBP", quality=quality, method=6)
        if picture.stat().st_size < LARGEST[image.width]:
            return
    raise SystemExit(f"{picture} is too heavy: draw it plainer")


def _make(film: Film, drawings: dict[str, Image.Image]) -> None:
    """Write a film in all its formats at once."""
    raw = f"-f rawvideo -pix_fmt rgb24 -s {film.size[0]}x{film.size[1]} -r {FRAMES_PER_SECOND} -i -"
    with tempfile.TemporaryDirectory() as folder:
        if film.sound:
            film.sound(Path(folder) / "sound.wav", film.seconds)
            raw += f" -i {folder}/sound.wav"
        encoders = []
        for suffix in film.formats:
            sound = SOUND[suffix] if film.sound else "-an"
            words = f"ffmpeg -loglevel error -y {raw} {PLAIN} {ENCODERS[suffix]} {sound}"
            line = [*words.split(), str(film.made.with_suffix(suffix))]
            encoders.append(subprocess.Popen(line, stdin=subprocess.PIPE))  # noqa: S603 - our own
        for frame in _frames(film, drawings):
            for encoder in encoders:
                assert encoder.stdin is not None  # noqa: S101 - it was asked for
                encoder.stdin.write(frame.tobytes())
        for encoder in encoders:
            encoder.communicate()
            if encoder.returncode:
                raise SystemExit("ffmpeg could not make the film")
    for suffix in film.formats:
        made = film.made.with_suffix(suffix)
        print(made.name, made.stat().st_size)  # noqa: T201


def _frames(film: Film, drawings: dict[str, Image.Image]) -> Iterator[Image.Image]:
    """Yield the film's frames: every shot, each fading into the next."""
    before: list[Image.Image] = []
    for index, shot in enumerate(film.shots):
        drawing = drawings[shot.drawing]
        frames = [_cut(drawing, shot, part, film.size) for part in _parts(shot.seconds)]
        fading = len(before)
        for number in range(fading):
            share = _eased((number + 1) / (fading + 1))
            yield Image.blend(before[number], frames[number], share)
        last = index == len(film.shots) - 1
        kept = 0 if last else round(FADE * FRAMES_PER_SECOND)
        yield from frames[fading : len(frames) - kept]
        before = frames[len(frames) - kept :] if kept else []


def _parts(seconds: float) -> list[float]:
    count = round(seconds * FRAMES_PER_SECOND)
    return [number / (count - 1) for number in range(count)]


def _cut(drawing: Image.Image, shot: Shot, part: float, size: tuple[int, int]) -> Image.Image:
    """Cut one frame out of a drawing; Pillow cuts between pixels, so that it moves smoothly."""
    share = _eased(part)
    left, top, width = (
        (a + (b - a) * share) * drawing.width for a, b in zip(shot.start, shot.end, strict=True)
    )
    box = (left, top, left + width, top + width * size[1] / size[0])
    return drawing.resize(size, Image.Resampling.BICUBIC, box=box, reducing_gap=2)


def _eased(part: float) -> float:
    """Begin and end a move gently."""
    return part * part * (3 - 2 * part)


if __name__ == "__main__":
    sys.exit(main())
