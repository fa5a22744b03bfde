"""A designer at the picker, without an LMS and without JavaScript."""

from typing import Any

from visits import Browser, School

SETTINGS: dict[str, Any] = {
    "return_url": "https://lms.example/return",
    "accepts_links": True,
    "multiple": True,
    "line_item": None,
    "data": None,
}


def open_picker(school: School, *, cookieless: bool = False, **settings: Any) -> Browser:
    tab = school.launch(
        None, designer=True, cookieless=cookieless, locale="en", deep_linking=SETTINGS | settings
    )
    return tab.open("/items/")


def shown(tab: Browser) -> list[str]:
    return [one.attrs["data-slug"] for one in tab.html.all("li.item")]


def ticked(tab: Browser) -> list[str]:
    boxes = tab.html.all("input[name=item]")
    return [
        one.attrs["value"]
        for one in boxes
        if one.attrs["type"] == "hidden" or "checked" in one.attrs
    ]


def tray(tab: Browser) -> list[str]:
    return [one.attrs["value"] for one in tab.html.all("input[name=order]") if one.attrs["value"]]


def tick(tab: Browser, *slugs: str) -> None:
    """Tick cards on the page, as a finger does."""
    for slug in slugs:
        tab.html.one(f'input[value="{slug}"]').attrs["checked"] = ""


def untick(tab: Browser, slug: str) -> None:
    del tab.html.one(f'input[value="{slug}"]').attrs["checked"]
