"""Media files: types by content, WebVTT to the line, and never outside the folder."""

import io
import wave
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from lti_tool.experience.checks.media import EXTENSIONS, MIME_TYPES, MediaFact
from lti_tool.experience.media.look import finder, look_at, sniff, vtt_fault


def picture(form: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (4, 4), "teal").save(out, form)
    return out.getvalue()


def sound() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 80)
    return out.getvalue()


def box(brand: bytes) -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\x02\0" + brand + b"mp41" + b"\0\0\0\x08free"


EBML = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\xf2\x81\x04B\xf3\x81\x08B\x82\x84"
CONTENT = {
    "image/png": picture("PNG"),
    "image/jpeg": picture("JPEG"),
    "image/webp": picture("WEBP"),
    "video/mp4": box(b"isom"),
    "video/webm": EBML + b"webmB\x87\x81\x04B\x85\x81\x02",
    "audio/wav": sound(),
    "audio/mp4": box(b"M4A "),
    "audio/mpeg": b"ID3\x04\0\0\0\0\0\x0a" + b"\0" * 10 + b"\xff\xfb\x90\x64" + b"\0" * 400,
    "audio/ogg": b"OggS\0\x02" + b"\0" * 20 + b"\x01\x13OpusHead\x01\x01" + b"\0" * 16,
}
NOT_ALLOWED = {
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>',
    "svg with a prolog": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
    "html": b"<!doctype html><script>alert(1)</script>",
    "gif": picture("GIF"),
    "avif": box(b"avif"),
    "heic": box(b"heic"),
    "pdf": b"%PDF-1.7\n",
    "zip": b"PK\x03\x04" + b"\0" * 30,
    "elf": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "text": b"hoi",
    "nothing": b"",
}


@pytest.mark.parametrize("mime", CONTENT)
def test_the_content_shows_the_type(mime: str) -> None:
    assert sniff(CONTENT[mime]) == mime


@pytest.mark.parametrize("brand", [b"isom", b"iso2", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V "])
def test_every_usual_brand_of_mp4_is_a_video(brand: bytes) -> None:
    assert sniff(box(brand)) == "video/mp4"


@pytest.mark.parametrize("what", NOT_ALLOWED)
def test_anything_else_is_no_media(what: str) -> None:
    assert sniff(NOT_ALLOWED[what]) == ""


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=64))
def test_any_content_is_answered(head: bytes) -> None:
    assert sniff(head) == "" or any(sniff(head) in types for types in MIME_TYPES.values())


def test_every_allowed_extension_has_a_type_that_can_be_found(tmp_path: Path) -> None:
    for kind, extensions in EXTENSIONS.items():
        for extension in extensions:
            found = set()
            for data in (*CONTENT.values(), b"WEBVTT\n\n00:00.000 --> 00:01.000\nHoi\n"):
                path = tmp_path / f"a{extension}"
                path.write_bytes(data)
                found.add(look_at(path).mime)
            assert found & MIME_TYPES[kind], extension


def test_the_name_of_a_picture_does_not_make_it_one(tmp_path: Path) -> None:
    (tmp_path / "klas.png").write_bytes(NOT_ALLOWED["svg"])
    assert finder(tmp_path)("klas.png") == MediaFact("", len(NOT_ALLOWED["svg"]))


def test_a_file_is_found_in_the_folder_and_below(tmp_path: Path) -> None:
    (tmp_path / "beeld").mkdir()
    (tmp_path / "beeld" / "klas.png").write_bytes(CONTENT["image/png"])
    size = len(CONTENT["image/png"])
    fact = finder(tmp_path)("beeld/klas.png")
    assert fact == MediaFact("image/png", size, pixels=(4, 4))


@pytest.mark.parametrize("name", ["weg.png", "../buiten.png", "/etc/passwd", "link.png", "map", "",
                                  "a\0b", "x" * 5000])  # fmt: skip
def test_what_is_missing_or_outside_is_not_found(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "item"
    (folder / "map").mkdir(parents=True)
    (tmp_path / "buiten.png").write_bytes(CONTENT["image/png"])
    (folder / "link.png").symlink_to(tmp_path / "buiten.png")
    assert finder(folder)(name) is None


@pytest.mark.parametrize(
    ("name", "data", "mime"),
    [
        ("a.md", b"# Transcript", "text/markdown"),
        ("a.txt", "Één".encode(), "text/plain"),
        ("a.vtt", b"\xef\xbb\xbfWEBVTT\r\n\r\n00:00.000 --> 00:01.000\r\nHoi\r\n", "text/vtt"),
        ("a.md", b"\xff\xfe", ""),
        ("a.txt", b"a\0b", ""),
        ("a.md", b"x" * 3_000_000, ""),
    ],
)
def test_a_text_is_utf_8(tmp_path: Path, name: str, data: bytes, mime: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert finder(tmp_path)(name) == MediaFact(mime, len(data))


CUE = "00:01.000 --> 00:02.500\nHoi\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"WEBVTT\n\n{CUE}", None),
        (f"WEBVTT - Titel\nKind: captions\n\n{CUE}", None),
        (f"WEBVTT\n\nNOTE een\nopmerking\n\n{CUE}\n1\n{CUE}", None),
        (f"WEBVTT\n\nSTYLE\n::cue {{ color: white }}\n\n{CUE}", None),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 align:start line:0\n<v Sem>Hoi\n- Dag\n", None),
        (f"WEBVTT\r\n\r\n{CUE}".replace("\n", "\r\n"), None),
        ("WEBVTT\n\n00:01.100 --> 00:01.900\nHoi\n", None),
        ("WEBVTT\n\n100:00:01.000 --> 100:00:02.000\nHoi", None),
        ("", 1),
        ("WEBVTT\n", 1),  # no captions at all
        (CUE, 1),
        (f"\nWEBVTT\n\n{CUE}", 1),
        (f"WEBVTTX\n\n{CUE}", 1),
        (f"WEBVTT\n{CUE}", 1),
        (f"WEBVTT\n\n{CUE}\n00:03.000 -> 00:04.000\nHoi\n", 6),
        (f"WEBVTT\n\n{CUE}\n00:03,000 --> 00:04,000\nHoi\n", 6),
        (f"WEBVTT\n\n{CUE}\n00:04.000 --> 00:03.000\nHoi\n", 6),
        (f"WEBVTT\n\n{CUE}00:03.000 --> 00:04.000\nHoi\n", 3),
        (f"WEBVTT\n\n{CUE}\nlosse tekst\n", 6),
        ("WEBVTT\n\n1\n00:00:01 --> 00:00:02\nHoi\n", 3),
    ],
)
def test_captions_are_checked_to_the_line(text: str, line: int | None) -> None:
    assert vtt_fault(text) == line


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="WEBVT \n\r0123:.->NOTESYLa<v&", max_size=80))
def test_any_captions_are_answered(text: str) -> None:
    for each in (text, f"WEBVTT\n\n{text}", f"WEBVTT\n\n{CUE}\n{text}"):
        line = vtt_fault(each)
        assert line is None or 1 <= line <= each.count("\n") + each.count("\r") + 1
