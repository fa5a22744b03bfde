"""A zip from a stranger: what is wanted comes out, and everything else is refused by name."""

import io
import stat
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lti_tool.experience.document.findings import Finding, message
from lti_tool.experience.document.texts import TEXTS
from lti_tool.experience.intake import archive
from lti_tool.experience.intake.archive import MAX_ENTRIES, BadArchive, unpack

Entry = tuple[str | zipfile.ZipInfo, bytes]
ITEM: list[Entry] = [
    ("gesprek.yaml", b"format: experience/1\n"),
    ("beeld/deur.png", b"png"),
    ("film.mp4", b"film"),
    ("film.nl.vtt", b"WEBVTT\n"),
]


def zipped(entries: Iterable[Entry], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, data in entries:
            made.writestr(name, data, method)
    return out.getvalue()


def special(name: str, *, mode: int = 0, offset: int | None = None) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return info


def unpacked(data: bytes, home: Path) -> dict[str, bytes]:
    """Unpack, and give what was written by its place in the folder."""
    source, into = home / "item.zip", home / "into"
    source.write_bytes(data)
    into.mkdir()
    documents = unpack(source, into)
    written = {
        str(one.relative_to(into)): one.read_bytes() for one in into.rglob("*") if one.is_file()
    }
    assert all(str(path.relative_to(into)) in written for path, _name in documents)
    return written


def refused(data: bytes, home: Path) -> BadArchive:
    with pytest.raises(BadArchive) as caught:
        unpacked(data, home)
    assert not [one for one in home.rglob("*") if one.parent not in {home, home / "into"}]
    return caught.value


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("around", ["", "Mijn gesprek/", "één map/"])
def test_a_document_and_its_media_come_out(tmp_path: Path, method: int, around: str) -> None:
    entries: list[Entry] = [(f"{around}{name}", data) for name, data in ITEM]
    assert unpacked(zipped(entries, method), tmp_path) == {
        "document-1.yaml": b"format: experience/1\n",
        "beeld/deur.png": b"png",
        "film.mp4": b"film",
        "film.nl.vtt": b"WEBVTT\n",
    }


def test_several_documents_keep_their_names_for_findings(tmp_path: Path) -> None:
    source = tmp_path / "item.zip"
    source.write_bytes(zipped([("b.yaml", b"b"), ("mijn gesprek.YML", b"a")]))
    documents = unpack(source, tmp_path)
    assert [(path.read_bytes(), name) for path, name in documents] == [
        (b"b", "b.yaml"),
        (b"a", "mijn gesprek.YML"),
    ]


def test_a_document_deeper_down_is_not_taken(tmp_path: Path) -> None:
    data = zipped([("a.yaml", b"a"), ("oud/b.yaml", b"b")])
    assert unpacked(data, tmp_path) == {"document-1.yaml": b"a"}


def test_what_file_managers_add_is_passed_over(tmp_path: Path) -> None:
    litter = ["__MACOSX/._gesprek.yaml", ".DS_Store", "beeld/.DS_Store", "Thumbs.db", "desktop.ini"]
    entries: list[Entry] = [*ITEM, *((name, b"x") for name in litter), ("leeg/", b"")]
    assert set(unpacked(zipped(entries), tmp_path)) == {
        "document-1.yaml",
        "beeld/deur.png",
        "film.mp4",
        "film.nl.vtt",
    }


def test_a_name_that_no_document_can_use_is_not_written(tmp_path: Path) -> None:
    data = zipped([*ITEM, ("mijn foto.png", b"x")])
    assert "mijn foto.png" not in unpacked(data, tmp_path)


@pytest.mark.parametrize(
    "name",
    ["../buiten.png", "a/../../buiten.png", "/etc/buiten.png", "C:/buiten.png", "c:buiten.png",
     "a\\..\\buiten.png", "a//b.png", "./a.png", "a/./b.png", "..", "a/..", "beeld.png\0.yaml"],
)  # fmt: skip
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    stand_in = "x" * len(name.encode())
    data = zipped([*ITEM, (stand_in + "", b"x")]).replace(stand_in.encode(), name.encode())
    assert refused(data, tmp_path).kind == "E28.name"
    assert not (tmp_path / "buiten.png").exists()


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, kind: int) -> None:
    entry = (special("deur.png", mode=kind | 0o777), b"/etc/passwd")
    reason = refused(zipped([*ITEM, entry]), tmp_path)
    assert (reason.kind, reason.values["name"]) == ("E28.link", "deur.png")


@pytest.mark.parametrize(
    "name", ["deur.svg", "deur.SVG", "kern.js", "les.html", "virus.exe", "notitie.docx", "zonder"]
)
def test_svg_scripts_and_other_files_are_refused(tmp_path: Path, name: str) -> None:
    reason = refused(zipped([*ITEM, (name, b"x")]), tmp_path)
    assert (reason.kind, reason.values["name"]) == ("E28.type", name)


@pytest.mark.parametrize("bit", [0x1, 0x40, 0x2000])
def test_encryption_is_refused(tmp_path: Path, bit: int) -> None:
    data = bytearray(zipped(ITEM))
    place = data.rindex(b"PK\x01\x02") + 8  # the general purpose flags of the last file
    struct.pack_into("<H", data, place, struct.unpack_from("<H", data, place)[0] | bit)
    assert refused(bytes(data), tmp_path).kind == "E28.encrypted"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(tmp_path: Path, method: int) -> None:
    assert refused(zipped(ITEM, method), tmp_path).kind == "E28.method"


@pytest.mark.parametrize("again", ["film.mp4", "FILM.MP4", "Beeld/deur.png"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_one_name_twice_is_refused(tmp_path: Path, again: str) -> None:
    assert refused(zipped([*ITEM, (again, b"x")]), tmp_path).kind == "E28.twice"


def test_composed_and_decomposed_letters_are_one_name(tmp_path: Path) -> None:
    data = zipped([*ITEM, ("cafe\u0301.png", b"x"), ("caf\u00e9.png", b"x")])
    assert refused(data, tmp_path).kind == "E28.twice"


def test_a_file_under_a_file_is_refused(tmp_path: Path) -> None:
    data = zipped([("a.yaml", b"x"), ("b.png", b"x"), ("b.png/c.png", b"x")])
    assert refused(data, tmp_path).kind == "E28.damaged"


@pytest.mark.parametrize("shared", ["all", "part"])
def test_files_that_share_bytes_are_refused(tmp_path: Path, shared: str) -> None:
    data = bytearray(zipped([("a.yaml", b"a" * 50), ("b.png", b"b" * 50)], zipfile.ZIP_STORED))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    if shared == "all":  # both names lead to the same bytes
        struct.pack_into("<I", data, second + 42, 0)
    else:  # the first file runs on into the second
        struct.pack_into("<II", data, first + 20, 100, 100)
    assert refused(bytes(data), tmp_path).kind == "E28.overlap"


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    many: list[Entry] = [(f"{n}.png", b"") for n in range(MAX_ENTRIES)]
    reason = refused(zipped([("a.yaml", b"x"), *many]), tmp_path)
    assert (reason.kind, reason.values["limit"]) == ("E28.many", MAX_ENTRIES)


def test_a_list_that_is_longer_than_it_says_is_refused(tmp_path: Path) -> None:
    many: list[Entry] = [(f"{n}.png", b"") for n in range(MAX_ENTRIES)]
    data = bytearray(zipped([("a.yaml", b"x"), *many]))
    struct.pack_into("<HH", data, data.rindex(b"PK\x05\x06") + 8, 1, 1)
    assert refused(bytes(data), tmp_path).kind == "E28.many"


def test_limits_are_held_by_what_the_list_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_FILE", 1000)
    monkeypatch.setattr(archive, "MAX_TOTAL", 1800)
    (one, two) = (tmp_path / "one", tmp_path / "two")
    one.mkdir()
    two.mkdir()
    assert refused(zipped([("a.yaml", b"x" * 1001)]), one).kind == "E28.large"
    assert refused(zipped([("a.yaml", b"x" * 900), ("b.png", b"x" * 901)]), two).kind == "E28.total"


def test_a_size_that_lies_does_not_get_past(tmp_path: Path) -> None:
    data = bytearray(zipped([("a.yaml", b"x" * 5000)]))
    struct.pack_into("<I", data, data.rindex(b"PK\x01\x02") + 24, 10)
    assert refused(bytes(data), tmp_path).kind == "E28.damaged"


def test_a_bomb_is_refused_before_it_has_gone_off(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("a.yaml", b"x")
        made.writestr("film.mp4", b"\0" * (40 * 1024 * 1024))
    assert len(out.getvalue()) < 50_000
    assert refused(out.getvalue(), tmp_path).kind == "E28.ratio"
    assert sum(one.stat().st_size for one in (tmp_path / "into").iterdir()) < 9_000_000


def test_damage_inside_a_file_is_named(tmp_path: Path) -> None:
    data = zipped([("a.yaml", b"een goed document")], zipfile.ZIP_STORED)
    reason = refused(data.replace(b"een goed", b"een raar"), tmp_path)
    assert (reason.kind, reason.values["name"]) == ("E28.damaged", "a.yaml")


@pytest.mark.parametrize(
    "data", [b"", b"PK", b"PK\x05\x06", b"geen zip" * 100, b"PK\x05\x06" + b"\0" * 18 + b"x" * 9]
)
def test_what_is_no_zip_is_said_so(tmp_path: Path, data: bytes) -> None:
    source = tmp_path / "item.zip"
    source.write_bytes(data)
    (tmp_path / "into").mkdir()
    try:
        assert unpack(source, tmp_path / "into") == []
    except BadArchive as reason:
        assert reason.kind == "E28"


def test_a_zip64_is_refused(tmp_path: Path) -> None:
    data = zipped(ITEM)
    end = data.rindex(b"PK\x05\x06")
    made = data[:end] + b"PK\x06\x07" + b"\0" * 16 + data[end:]
    assert refused(made, tmp_path).kind == "E28.many"


GOOD = zipped(ITEM)
SCRATCH = settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def survives(data: bytes, home: Path) -> None:
    """Unpack or refuse with a sentence; nothing else may come out, or land outside."""
    case = home / str(len(list(home.iterdir())))
    into = case / "into"
    into.mkdir(parents=True)
    (case / "item.zip").write_bytes(data)
    try:
        unpack(case / "item.zip", into)
    except BadArchive as reason:
        assert reason.kind in TEXTS
        for lang in ("nl", "en"):
            assert message(Finding.of(reason.kind, **reason.values), lang)
    assert {one.name for one in case.iterdir()} == {"item.zip", "into"}
    assert all(one.is_file() or one.is_dir() for one in into.rglob("*") if not one.is_symlink())
    assert not any(one.is_symlink() for one in into.rglob("*"))


@SCRATCH
@given(
    changes=st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), max_size=8),
    cut=st.integers(0, len(GOOD)),
    more=st.binary(max_size=40),
)
def test_any_damage_is_survived(
    tmp_path: Path, changes: list[tuple[int, int]], cut: int, more: bytes
) -> None:
    data = bytearray(GOOD)
    for place, value in changes:
        data[place] = value
    survives(bytes(data), tmp_path)
    survives(bytes(data[:cut]) + more, tmp_path)
    survives(more + bytes(data), tmp_path)


@SCRATCH
@given(
    st.lists(
        st.text(alphabet="abAB./\\:\0 é~.png\n", min_size=1, max_size=12).map(lambda s: s + ".png")
        | st.text(min_size=1, max_size=20).filter(lambda s: s.encode("utf-8", "ignore").decode()),
        min_size=1,
        max_size=6,
        unique=True,
    )
)
def test_any_names_stay_inside(tmp_path: Path, names: list[str]) -> None:
    entries: list[Entry] = [("a.yaml", b"x")]
    for name in names:
        info = zipfile.ZipInfo("x")
        info.filename = info.orig_filename = name.encode("utf-8", "ignore").decode() or "x"
        entries.append((info, b"inhoud"))
    survives(zipped(entries), tmp_path)
