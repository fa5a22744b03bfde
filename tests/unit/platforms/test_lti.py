"""The words of LTI 1.3: what an origin is."""

import pytest

from lti_tool.platforms.lti import origin_of


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://lms.example/a?b", "https://lms.example"),
        ("https://LMS.example:443/b?c", "https://lms.example"),
        ("http://lms.example:80/", "http://lms.example"),
        ("http://localhost:8001/", "http://localhost:8001"),
        ("https://lms.example:8443", "https://lms.example:8443"),
        ("https://[::1]:8443/", "https://[::1]:8443"),
        ("https://user@lms.example/", None),
        ("https://lms.example:port", None),
        ("https://lms.example:99999", None),
        ("javascript:alert(1)", None),
        ("ftp://lms.example", None),
        ("https://lms.example; script-src *", None),
        ("https://lms.example'none'", None),
        ("https://[::1", None),
        ("https://", None),
        ("", None),
        (None, None),
    ],
)
def test_an_origin_is_only_ever_an_origin_as_browsers_write_it(
    url: str | None, origin: str | None
) -> None:
    assert origin_of(url) == origin
