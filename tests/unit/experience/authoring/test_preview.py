"""An author's preview: the player's own pages, the findings, the map, and what a save changes."""

import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests
from browsing import Element, form_fields, parse
from click.testing import CliRunner
from flask import Flask
from jinja2 import StrictUndefined
from werkzeug.test import Client, TestResponse

from lti_tool.clock import system_clock
from lti_tool.commands.desk import schema
from lti_tool.experience.authoring import workspace
from lti_tool.experience.authoring.preview import make_app
from lti_tool.experience.authoring.workspace import Workspace
from lti_tool.experience.document.model import FORMATS, Experience, Intervision, MicroModule

ROOT = Path(__file__).parents[4]
STARTERS = ROOT / "docs" / "starters"


class Author:
    """An author's browser on a preview."""

    def __init__(self, path: Path, clock=system_clock) -> None:
        self.workspace = Workspace(path, clock)
        self.app: Flask = make_app(self.workspace, clock, "nl")
        self.app.jinja_env.undefined = StrictUndefined
        self.app.testing = True
        self._client = Client(self.app)
        self.at = ""
        self.response: TestResponse
        self.html: Element

    def open(self, url: str = "/") -> "Author":
        return self._show(self._client.get(url, follow_redirects=True))

    def send(self, form: Element, **fields: str) -> "Author":
        sent = dict(form_fields(form, None)) | fields
        answer = self._client.post(form.attrs["action"], data=sent, follow_redirects=True)
        return self._show(answer)

    def onward(self) -> "Author":
        form = self.html.one("[data-next]").closest("form")
        assert form is not None
        return self.send(form)

    def choose(self, choice: str) -> "Author":
        form = self.html.one("input[name=choice]").closest("form")
        assert form is not None
        return self.send(form, choice=choice)

    @property
    def page(self) -> str:
        return self.html.one("main").attrs["data-page"]

    @property
    def text(self) -> str:
        return self.html.one("main").text

    def _show(self, response: TestResponse) -> "Author":
        self.response = response
        self.at = response.request.full_path
        if response.mimetype == "text/html":
            self.html = parse(response)
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(STARTERS, tmp_path / "werk"))


def experience(folder: Path) -> Path:
    return folder / "experience.yaml"


class TestTheDesk:
    def test_a_single_document_is_shown_at_once(self, folder: Path) -> None:
        desk = Author(experience(folder)).open()
        assert desk.page == "desk"
        assert desk.html.one("h1").text == "Nog één keer?"
        assert desk.html.one("iframe").attrs["src"] == "/0/play/nog-een-keer-plein/"
        assert f"proeftuin content publish {experience(folder)}" in desk.text

    def test_of_several_there_is_a_list(self, folder: Path) -> None:
        desk = Author(folder).open()
        links = desk.html.one(".sheets").all("a")
        assert [link.text for link in links] == [
            "Iemand in de deur",
            "Nog één keer?",
            "Een kwartier meedenken",
            "Eén vraag stellen",
        ]
        assert desk.open(links[3].attrs["href"]).html.one("h1").text == "Eén vraag stellen"

    @pytest.mark.parametrize("lang", ["nl", "en"])
    def test_findings_are_named_with_line_and_node_in_both_languages(
        self, folder: Path, lang: str
    ) -> None:
        text = experience(folder).read_text("utf-8").replace("next: verder", "next: verdr")
        experience(folder).write_text(text.replace("effect: limited", "effect: fout"), "utf-8")
        line = text[: text.index("effect: limited")].count("\n") + 1
        desk = Author(experience(folder)).open(f"/language/{lang}?number=0")
        (found,) = desk.html.all(".error")
        assert f"{line}" in found.one(".place").text
        assert found.one("a").attrs["href"] == "#node-plein"
        assert ("Kies strong" if lang == "nl" else "Choose strong") in found.text
        assert "E16" in found.text
        assert not desk.html.all("iframe")

    def test_an_item_with_findings_is_shown_as_far_as_it_goes(self, folder: Path) -> None:
        text = (
            experience(folder).read_text("utf-8").replace("next: einde-thee", "next: einde-koffie")
        )
        experience(folder).write_text(text, "utf-8")
        desk = Author(experience(folder)).open()
        assert {one.one(".place").one("a").text for one in desk.html.all(".error")} >= {"verder"}
        (troubled,) = [a for a in desk.html.all("[data-node]") if a.attrs["data-node"] == "verder"]
        assert "troubled" in troubled.attrs["class"]
        assert desk.open("/0/play/nog-een-keer-plein/").page == "scene"

    def test_the_map_links_to_every_node_that_has_a_page(self, folder: Path) -> None:
        desk = Author(experience(folder)).open()
        item = desk.workspace.read().sheets[0].document
        assert isinstance(item, Experience)
        boxes = {box.attrs["data-node"]: box.attrs for box in desk.html.all("[data-node]")}
        assert set(boxes) == set(item.nodes)
        for name, box in boxes.items():
            if item.nodes[name].type == "route":
                assert box["href"] == f"#node-{name}"
            else:
                assert box["target"] == "player"
                desk.open(box["href"])
                assert desk.html.one("h1").text == item.nodes[name].title

    def test_the_outline_says_the_same_in_words(self, folder: Path) -> None:
        desk = Author(experience(folder)).open()
        nodes = {one.attrs.get("id"): one for one in desk.html.one(".nodes").all("li")}
        assert "node-vraag" in nodes
        leads = [a.attrs["href"] for a in nodes["node-vraag"].all("a")]
        assert "#node-plein" in leads

    def test_a_node_can_be_begun_with_each_set_of_flags_that_leads_there(
        self, folder: Path
    ) -> None:
        desk = Author(experience(folder))
        assert len(desk.workspace.read().sheets[0].ways["plein"]) == 3
        desk.open("/0/from/plein?flags=open").onward()
        assert desk.html.one("h1").text == "Jouw collega’s"
        desk.open("/0/from/plein?flags=").onward()
        assert desk.html.one("h1").text == "Koude thee"
        assert desk.open("/0/from/plein?flags=gesloten").response.status_code == 404

    def test_every_ending_can_be_read_with_the_way_that_leads_there(self, folder: Path) -> None:
        desk = Author(experience(folder)).open("/0/")
        desk.open(
            next(a.attrs["href"] for a in desk.html.all("a") if "/endings" in a.attrs["href"])
        )
        pages = desk.html.all("article")
        assert desk.page == "endings"
        assert {page.one("h2").text for page in pages} == {"Een ander rooster", "Koude thee"}
        cold = [page.text for page in pages if page.one("h2").text == "Koude thee"]
        assert sum("een vel erop" in text for text in cold) == 1
        assert sum("Ze was nog warm" in text for text in cold) == 1
        desk.open(pages[0].all("a")[-1].attrs["href"])
        assert desk.page == "ending"
        assert Author(folder / "micromodule.yaml").open("/0/endings").response.status_code == 404

    def test_nothing_comes_from_elsewhere_and_nothing_runs_inline(self, folder: Path) -> None:
        desk = Author(folder)
        for url in ("/", "/0/", "/1/", "/2/", "/1/play/nog-een-keer-plein/", "/1/mine"):
            desk.open(url)
            policy = desk.response.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            for element in desk.html.walk():
                assert "style" not in element.attrs
                assert not [name for name in element.attrs if name.startswith("on")]
                for name in ("src", "href", "action"):
                    assert not re.match(r"(https?:)?//", element.attrs.get(name, ""))

    @pytest.mark.parametrize("url", ["/9/", "/9/play", "/0/from/weg", "/0/media/x.png", "/x",
                                     "/0/play/weg/", "/language/fr",
                                     "/0/play/nog-een-keer-plein/read/weg",
                                     "/0/media/..%2f..%2fpyproject.toml"])  # fmt: skip
    def test_what_is_not_there_is_not_found(self, folder: Path, url: str) -> None:
        assert Author(experience(folder)).open(url).response.status_code == 404

    def test_a_site_that_gives_itself_our_address_is_refused(self, folder: Path) -> None:
        client = Client(Author(experience(folder)).app)
        assert client.get("/0/", base_url="http://evil.example:8010").status_code == 400
        assert client.get("/0/", base_url="http://127.0.0.1:8010").status_code == 200


class TestTheItem:
    def test_it_plays_to_an_ending_and_again(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/play/nog-een-keer-plein/").onward()
        assert author.page == "choice"
        author.choose("doorvragen")
        assert author.page == "feedback"
        author.onward().onward()
        assert author.page == "reflect"
        author.onward()
        assert author.page == "ending"
        assert "Dit is de derde keer" in author.text
        replay = author.html.one("[data-replay]").closest("form")
        assert replay is not None
        assert author.send(replay).page == "scene"

    def test_another_reaction_and_another_try_from_the_ending(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/from/vraag").choose("overnemen")
        another = author.html.one("[data-another]").closest("form")
        assert another is not None
        assert author.send(another).page == "choice"
        author.choose("weigeren").onward().onward()
        assert author.page == "ending"
        offered = next(form for form in author.html.all("form") if form.all("input[name=node]"))
        assert author.send(offered).html.one("h1").text == "Bij de kopieerruimte"

    def test_without_a_choice_one_is_asked_for(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/from/vraag")
        form = author.html.one("input[name=choice]").closest("form")
        assert form is not None
        assert author.send(form).html.all("[role=alert]")

    def test_a_text_is_remembered_until_the_preview_stops(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/from/terugblik")
        here = author.at
        form = author.html.one("textarea").closest("form")
        assert form is not None
        author.send(form, text="Van Sanne.")
        assert "Van Sanne." in author.open(here).html.one("textarea").text
        erase = [form for form in author.html.all("form") if "/forget" in form.attrs["action"]]
        assert author.send(erase[0]).html.one("textarea").text == ""
        author.send(form, text="Van Sanne.")
        assert Author(experience(folder)).open("/0/from/terugblik").html.one("textarea").text == ""

    def test_a_micro_module_is_shown_and_ends(self, folder: Path) -> None:
        author = Author(folder / "micromodule.yaml").open("/0/play/een-vraag-stellen/")
        assert "Drie vragen tegelijk" in author.text
        author.onward()
        assert author.page == "ending"
        assert (
            author.open("/0/play/een-vraag-stellen/followup.ics?state=read").response.mimetype
            == "text/calendar"
        )

    def test_a_film_comes_with_its_captions_by_range(self, folder: Path) -> None:
        author = Author(folder / "experience-met-film.yaml").open("/0/play/iemand-in-de-deur/")
        video = author.html.one("video")
        assert video.attrs["data-pause-at"] == "6"
        source, track = author.html.one("source"), author.html.one("track")
        part = Client(author.app).get(source.attrs["src"], headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.mimetype, len(part.data)) == (206, "video/mp4", 10)
        part.close()
        captions = Client(author.app).get(track.attrs["src"])
        assert captions.data.startswith(b"WEBVTT")
        captions.close()

    def test_only_files_that_the_document_names_are_given(self, folder: Path) -> None:
        author = Author(folder / "experience-met-film.yaml")
        (folder / "geheim.md").write_text("niet voor hier")
        assert author.open("/0/media/geheim.md").response.status_code == 404
        assert author.open("/0/media/experience.yaml").response.status_code == 404

    def test_what_is_kept_says_that_nothing_is(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/play/nog-een-keer-plein/")
        link = next(one for one in author.html.all("a") if "/mine" in one.attrs["href"])
        assert author.open(link.attrs["href"]).page == "mine"


SHIPPED = sorted((ROOT / "content").glob("*.yaml"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_page_of_every_shipped_item_can_be_looked_at(path: Path) -> None:
    author = Author(path).open()
    assert not author.html.all(".error")
    (sheet,) = author.workspace.read().sheets
    assert sheet.document is not None
    play = f"/0/play/{sheet.document.id}/"
    pages = [play] if not sheet.ways else []
    if isinstance(sheet.document, MicroModule):
        pages += [f"{play}?state=read"]
    if isinstance(sheet.document, Intervision):
        last = len(sheet.document.rounds) + 1
        pages += [f"{play}?state={on}+{n}" for on in ("own", "shared") for n in range(1, last + 1)]
    for states in sheet.ways.values():
        pages += [f"/0/from/{states[0].node}"]
    for url in pages:
        author.open(url)
        assert author.response.status_code == 200, unquote(author.at)
        for choice in [one.attrs["value"] for one in author.html.all("input[name=choice]")]:
            author.open(url).choose(choice)
            assert author.page in {"feedback", "intervision"}


class TestSaving:
    def test_a_save_is_noticed_and_the_page_stays_where_it_was(self, folder: Path) -> None:
        author = Author(experience(folder))
        before = author.open("/stamp").response.text
        assert author.open("/stamp").response.text == before
        author.open("/0/from/plein")
        here = author.at
        text = experience(folder).read_text("utf-8")
        experience(folder).write_text(text.replace("Later op de dag", "Om drie uur"), "utf-8")
        assert author.open("/stamp").response.text != before
        assert author.open(here).html.one("h1").text == "Om drie uur"

    @pytest.mark.parametrize("page", ["/", "/0/"])
    def test_a_page_carries_the_mark_of_what_it_was_made_from(
        self, folder: Path, page: str
    ) -> None:
        author = Author(folder)
        shown = author.open(page).html.one("[data-stamp]").attrs["data-stamp"]
        assert author.open("/stamp").response.text == shown
        experience(folder).write_text("leeg: ja", "utf-8")
        assert author.open("/stamp").response.text != shown

    def test_a_save_while_the_file_is_being_read_is_noticed(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = experience(folder).read_text("utf-8")
        check = workspace.check_file

        def check_then_save(*asked: Any) -> Any:
            answer = check(*asked)
            experience(folder).write_text(text.replace("Later op de dag", "Om drie uur"), "utf-8")
            return answer

        author = Author(experience(folder))
        monkeypatch.setattr(workspace, "check_file", check_then_save)
        author.open("/0/")
        monkeypatch.undo()
        assert "Om drie uur" in author.open("/0/").response.text

    def test_when_the_way_is_gone_another_way_to_the_same_place_is_taken(
        self, folder: Path
    ) -> None:
        author = Author(experience(folder)).open("/0/from/plein")
        here = author.at
        text = experience(folder).read_text("utf-8")
        experience(folder).write_text(text.replace("id: overnemen", "id: ja-hoor"), "utf-8")
        assert author.open(here).html.one("h1").text == "Later op de dag"

    def test_when_the_place_is_gone_it_begins_at_the_start(self, folder: Path) -> None:
        author = Author(experience(folder)).open("/0/from/plein")
        here = author.at
        text = experience(folder).read_text("utf-8")
        experience(folder).write_text(re.sub(r"(?<!-)\bplein\b", "gang", text), "utf-8")
        assert author.open(here).html.one("h1").text == "Vijf over tien"

    @pytest.mark.parametrize("name", ["film/film.nl.vtt", "film/film.md", "film/film.mp4"])
    def test_media_are_watched_too(self, folder: Path, name: str) -> None:
        author = Author(folder / "experience-met-film.yaml")
        before = author.open("/stamp").response.text
        (folder / name).unlink()
        assert author.open("/stamp").response.text != before
        assert author.open("/0/").html.all(".error")

    def test_a_new_document_in_the_folder_appears(self, folder: Path) -> None:
        author = Author(folder).open()
        shutil.copy(experience(folder), folder / "nieuw.yaml")
        assert len(author.open().html.one(".sheets").all("li")) == 5

    def test_a_zip_is_read_again(self, folder: Path) -> None:
        path = folder.parent / "item.zip"

        def pack(title: str) -> None:
            text = experience(folder).read_text("utf-8").replace("Nog één keer?", title)
            with zipfile.ZipFile(path, "w") as made:
                made.writestr("item.yaml", text)

        pack("De eerste")
        with Workspace(path, system_clock).open() as workspace:
            assert workspace.read().sheets[0].title == "De eerste"
            kept = workspace.read().sheets[0].folder
            pack("De tweede keer")
            assert workspace.read().sheets[0].title == "De tweede keer"
            assert not kept.exists()
            last = workspace.read().sheets[0].folder
        assert not last.exists()

    def test_a_zip_that_is_refused_says_so(self, folder: Path) -> None:
        path = folder.parent / "item.zip"
        with zipfile.ZipFile(path, "w") as made:
            made.writestr("item.yaml", "a: b")
            made.writestr("deur.svg", "<svg/>")
        author = Author(path)
        with author.workspace.open():
            assert "E28" in author.open().html.one(".report").text


@pytest.fixture
def running(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "lti_tool", "content", "preview", str(experience(folder)),
         "--port", "0", "--no-open"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={"PATH": "/usr/bin:/bin", "PROEFTUIN_DATABASE_URL": f"sqlite:///{folder}/leeg.sqlite",
             "PROEFTUIN_KEYS_DIR": str(folder / "keys"), "PYTHONUNBUFFERED": "1",
             "PROEFTUIN_SECRET_KEY": "for this test only, thrown away after it"},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        for line in process.stdout:
            found = re.search(r"http://\S+", line)
            if found:
                yield process, found.group()
                break
        else:
            raise AssertionError("the preview did not start")
    finally:
        process.kill()
        process.wait(timeout=20)
        if process.stdout:
            process.stdout.close()


def test_the_command_serves_this_computer_only_and_stops_cleanly(
    running: tuple[subprocess.Popen[str], str], folder: Path
) -> None:
    process, address = running
    assert address.startswith("http://127.0.0.1:")
    assert "Nog één keer?" in requests.get(address, timeout=10).text
    listening = Path("/proc/net/tcp").read_text()
    port = f"{int(address.rstrip('/').rpartition(':')[2]):04X}"
    assert re.findall(rf"\d+: (\w+):{port} \w+:\w+ 0A", listening) == ["0100007F"]
    process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert process.returncode == 0
    assert not (folder / "leeg.sqlite").exists()


@pytest.mark.parametrize("given", FORMATS)
def test_the_schemas_for_editors_are_current(given: str) -> None:
    name = given.partition("/")[0]
    written = (ROOT / "docs" / "schema" / f"{name}-1.json").read_text("utf-8")
    assert CliRunner().invoke(schema, [name]).output == written, (
        f"run: proeftuin content schema {name} > docs/schema/{name}-1.json"
    )


@pytest.mark.parametrize("path", sorted(STARTERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_starter_is_without_findings_and_names_its_schema(path: Path) -> None:
    (sheet,) = Workspace(path, system_clock).read().sheets
    assert sheet.findings == ()
    assert sheet.document is not None
    first = path.read_text("utf-8").splitlines()[0]
    name = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / name).resolve() == (
        ROOT / "docs" / "schema" / f"{sheet.document.format.replace('/', '-')}.json"
    )
