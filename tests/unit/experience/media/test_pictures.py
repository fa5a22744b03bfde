"""Pictures are drawn anew: upright, small enough, in sRGB, and with nothing else in them."""

import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from lti_tool.experience.media import pictures
from lti_tool.experience.media.pictures import LONGEST_SIDE, BadPicture, draw_anew, fault

SECRET = b"52.0907N 5.1214E Sam de Vries"


def kept(folder: Path, form: str, image: Image.Image, **how: object) -> Path:
    path = folder / f"beeld.{form.lower()}"
    image.save(path, form, **how)
    return path


def read(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["WEBP"])
    image.load()
    return image


def is_red(pixel: tuple[int, ...]) -> bool:
    return pixel[0] > 200 and pixel[2] < 60


def halves() -> Image.Image:
    """Left red, right blue, 40 by 20."""
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (20, 0, 40, 20))
    return image


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_stays_the_picture(tmp_path: Path, form: str) -> None:
    made = draw_anew(kept(tmp_path, form, halves()))
    assert (made.width, made.height) == (40, 20)
    red, blue = read(made.data).getpixel((5, 10)), read(made.data).getpixel((35, 10))
    assert is_red(red)
    assert not is_red(blue)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_nothing_else_in_the_file_is_kept(tmp_path: Path, form: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()  # ImageDescription
    path = kept(tmp_path, form, halves(), exif=exif, xmp=b"<x>" + SECRET + b"</x>")
    path.write_bytes(path.read_bytes() + b"<script>" + SECRET)
    assert SECRET in path.read_bytes()
    made = draw_anew(path)
    assert SECRET not in made.data
    assert b"EXIF" not in made.data
    assert b"XMP " not in made.data
    assert not read(made.data).getexif()


def test_text_in_a_png_is_not_kept(tmp_path: Path) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", SECRET.decode())
    assert SECRET not in draw_anew(kept(tmp_path, "PNG", halves(), pnginfo=notes)).data


def test_a_picture_taken_sideways_is_put_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # Orientation: rotate 90 degrees clockwise to view
    made = draw_anew(kept(tmp_path, "JPEG", halves(), exif=exif))
    assert (made.width, made.height) == (20, 40)
    assert read(made.data).getpixel((10, 5))[0] > 200


@pytest.mark.parametrize(
    ("size", "becomes"),
    [((3200, 800), (1600, 400)), ((600, 3000), (320, 1600)), ((1600, 900), (1600, 900)),
     ((1, 1), (1, 1)), ((9000, 1), (1600, 1))],
)  # fmt: skip
def test_a_large_picture_becomes_smaller(
    tmp_path: Path, size: tuple[int, int], becomes: tuple[int, int]
) -> None:
    made = draw_anew(kept(tmp_path, "PNG", Image.new("L", size, 90)))
    assert (made.width, made.height) == becomes
    assert max(read(made.data).size) <= LONGEST_SIDE


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_way_to_store_colours_is_taken(tmp_path: Path, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    image = Image.new("RGBA", (4, 4), (0, 0, 0, 0)).convert("L" if mode == "I;16" else mode)
    image = image.convert("I;16") if mode == "I;16" else image
    made = read(draw_anew(kept(tmp_path, form, image)).data)
    assert (made.mode == "RGBA") == (mode in {"RGBA", "LA", "P"})  # P: one colour see-through


def test_see_through_stays_see_through(tmp_path: Path) -> None:
    image = Image.new("RGBA", (4, 4), (255, 0, 0, 128))
    assert read(draw_anew(kept(tmp_path, "PNG", image)).data).getpixel((0, 0))[3] == 128


def test_colours_are_translated_from_their_profile(tmp_path: Path) -> None:
    lab_like = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    for profile in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
                    lab_like, b"geen profiel"):  # fmt: skip
        made = draw_anew(kept(tmp_path, "PNG", halves(), icc_profile=profile))
        assert read(made.data).getpixel((5, 10))[0] > 200
        assert b"ICCP" not in made.data


def test_only_the_first_of_moving_pictures_is_shown(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    path = kept(tmp_path, "WEBP", frames[0], save_all=True, append_images=frames[1:])
    assert getattr(read(draw_anew(path).data), "n_frames", 1) == 1


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    path = kept(tmp_path, "JPEG", halves())
    assert draw_anew(path) == draw_anew(path)


def test_too_many_pixels_are_refused_before_they_are_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept(tmp_path, "PNG", Image.new("1", (9000, 9000)))
    assert path.stat().st_size < 20_000
    monkeypatch.setattr(Image.Image, "load", lambda _self: pytest.fail("was unpacked"))
    assert fault(path) == "pixels"
    with pytest.raises(BadPicture):
        draw_anew(path)


@pytest.mark.parametrize("form", ["GIF", "BMP", "TIFF", "ICO"])
def test_other_kinds_are_refused_whatever_their_name(tmp_path: Path, form: str) -> None:
    assert fault(kept(tmp_path, form, halves())) == "picture"


def test_half_a_picture_is_refused(tmp_path: Path) -> None:
    noise = Image.effect_noise((64, 64), 90)
    for form in ("PNG", "JPEG", "WEBP"):
        path = kept(tmp_path, form, noise)
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        assert fault(path) == "picture"
        with pytest.raises(BadPicture):
            draw_anew(path)


def samples() -> list[bytes]:
    made = []
    for form in ("PNG", "JPEG", "WEBP"):
        out = io.BytesIO()
        halves().save(out, form)
        made.append(out.getvalue())
    return made


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(samples()), st.data())
def test_any_damage_gives_a_picture_or_a_reason(
    tmp_path: Path, sample: bytes, data: st.DataObject
) -> None:
    changed = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 6))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "beeld"
    path.write_bytes(changed[: data.draw(st.integers(1, len(changed)))])
    assert (fault(path) is None) == drawable(path)


def drawable(path: Path) -> bool:
    try:
        assert read(pictures.draw_anew(path).data)
    except BadPicture:
        return False
    return True


def test_the_size_of_a_picture_is_told_as_it_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "noor.jpg"
    turned = Image.Exif()
    turned[0x0112] = 6  # the phone was held upright
    Image.new("RGB", (40, 20)).save(path)
    assert pictures.size(path) == (40, 20)
    Image.new("RGB", (40, 20)).save(path, exif=turned)
    assert pictures.size(path) == (20, 40)
