"""The guides, shown by the tool itself, and the menu that leads to them."""

import re
from pathlib import Path

import pytest

from lti_tool.ops.site import GUIDES

TOOL = "https://tool.example"
DOCS = Path(__file__).resolve().parents[3] / "docs"


def shown(app, path: str, lang: str = "en") -> str:
    answer = app.test_client().get(f"{path}?lang={lang}", base_url=TOOL)
    assert answer.status_code == 200, path
    return answer.text


@pytest.mark.parametrize("name", GUIDES)
def test_a_guide_is_shown_and_leads_nowhere_that_is_not_there(app, name):
    text = shown(app, f"/about/{name}")

    title = (DOCS / f"{name}.md").read_text().partition("\n")[0].removeprefix("# ")
    assert re.sub(r"[`*]", "", title).split(":")[0][:20] in text
    for target in re.findall(r'<a [^>]*href="([^"]+)"', text):
        if target.startswith("/"):
            assert app.test_client().get(target, base_url=TOOL).status_code == 200, target
        else:
            assert target.startswith("https://"), target
    assert "style=" not in text
    assert "<script>" not in text


def test_every_document_at_the_top_is_in_the_menu():
    assert {path.stem for path in DOCS.glob("*.md")} == set(GUIDES)


@pytest.mark.parametrize(("lang", "label"), [("nl", "Voor auteurs"), ("en", "For authors")])
def test_the_start_page_links_the_guides_in_its_own_language(app, lang, label):
    text = shown(app, "/", lang)

    assert label in text
    for name in GUIDES:
        assert f'href="/about/{name}"' in text
    assert re.search(r"Proeftuin \d+\.\d+", text)


def test_what_is_no_guide_is_not_there(app):
    for path in ("/about/nothing", "/about/adr/0001-shape-of-the-house", "/about/..%2FREADME"):
        assert app.test_client().get(path, base_url=TOOL).status_code == 404
