"""A page as a PDF file. WeasyPrint needs Debian's Pango, which `make setup` installs."""

from ctypes.util import find_library
from functools import cache
from typing import Any, NoReturn

from PIL import ImageFile


@cache
def available() -> bool:
    """Return whether this machine has what a PDF is drawn with."""
    return find_library("pango-1.0") is not None


def write(html: str) -> bytes:
    """Return a page as PDF/UA, which screen readers can read.

    Nothing is fetched for it: a page of ours needs nothing, and no text may ask for it.
    """
    from weasyprint import HTML  # noqa: PLC0415 - it loads slowly, and few need it
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    # It lets Pillow take half a picture for a whole one, in all of the process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False

    class Nothing(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        def fetch(self, *_: Any, **__: Any) -> NoReturn:
            raise ValueError("nothing is fetched")

    made: bytes = HTML(string=html, url_fetcher=Nothing()).write_pdf(pdf_variant="pdf/ua-1")
    return made
