"""Pictures, drawn anew: what is served is made here, never the bytes that were handed in.

Drawing anew leaves behind everything that is not the picture: the place and time that a phone
adds, thumbnails, comments, and whatever else hides in a file that is also something else.
"""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

from PIL import ExifTags, Image, ImageCms, ImageOps, UnidentifiedImageError

from lti_tool.experience.checks.media import MAX_MEGAPIXELS

MAX_PIXELS = MAX_MEGAPIXELS * 1_000_000
"""A phone makes pictures of 12 to 50 million; unpacked this many take 240 MB of memory."""

LONGEST_SIDE = 1600
"""Pixels; twice the width of the column they stand in."""

MIME = "image/webp"
"""What every picture becomes."""

_FORMATS = ("PNG", "JPEG", "WEBP")
_LOSSY_QUALITY = 84

Fault = Literal["picture", "pixels"]

# Pillow would warn between its limit and twice that; the limit here is ours alone.
Image.MAX_IMAGE_PIXELS = None


class BadPicture(Exception):
    """A picture that cannot be taken, and why."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault: Fault = fault


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is served: WebP, with its size in pixels."""

    data: bytes
    width: int
    height: int


def fault(path: Path) -> Fault | None:
    """Tell why a picture cannot be taken, or None when it can."""
    try:
        with path.open("rb") as file:
            _open(file).load()
    except BadPicture as reason:
        return reason.fault
    except _DAMAGED:
        return "picture"
    return None


def size(path: Path) -> tuple[int, int]:
    """Return width and height of a picture without fault, in pixels, as it is seen upright."""
    with path.open("rb") as file:
        image = _open(file)
        turned = image.getexif().get(ExifTags.Base.Orientation, 1) >= 5
        return (image.height, image.width) if turned else image.size


def draw_anew(path: Path) -> Picture:
    """Return the picture in a file, upright, in sRGB, at most `LONGEST_SIDE` long, and no more.

    Raises:
        BadPicture: when it cannot be read.
    """
    try:
        with path.open("rb") as file:
            image = _open(file)
            lossless = image.format == "PNG"  # drawings and screenshots keep their sharp edges
            profile = image.info.get("icc_profile")
            upright = ImageOps.exif_transpose(image)
    except _DAMAGED:
        raise BadPicture("picture") from None
    plain = _in_srgb(upright, profile)
    plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    out = io.BytesIO()
    clean.save(out, "WEBP", lossless=lossless, quality=_LOSSY_QUALITY, method=6)
    return Picture(out.getvalue(), *clean.size)


def _open(file: BinaryIO) -> Image.Image:
    try:
        image = Image.open(file, formats=_FORMATS)
    except UnidentifiedImageError:
        raise BadPicture("picture") from None
    if image.width * image.height > MAX_PIXELS:
        raise BadPicture("pixels")
    return image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """Return a picture in RGB or RGBA, its colours translated from the profile it came with."""
    mode = "RGBA" if image.has_transparency_data else "RGB"
    if profile and image.mode in {"RGB", "RGBA", "L", "CMYK"}:
        try:
            given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            made = ImageCms.profileToProfile(
                image, given, ImageCms.createProfile("sRGB"), outputMode=mode
            )
        except (ImageCms.PyCMSError, OSError, ValueError):
            made = None  # a profile that does not fit its picture; show the numbers as they are
        if made is not None:
            return made
    return image.convert(mode)


# What Pillow's decoders raise for damaged files.
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, IndexError, KeyError, OverflowError)
