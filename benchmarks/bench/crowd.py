"""Learners by the hundred, in a process of their own that costs little.

    python -m bench.crowd CONFIG ANSWERS

One loop for all of them, HTTP written by hand, and no more of a page read than what is pressed.
Says `ready`, begins when a line comes in, and ends with its input: then everybody finishes the page
that they wait for, and what was seen is written to ANSWERS as JSON (`Seen`).

Each learner launches, reads and reacts with a pause as people make, plays to an ending, and begins
with another activity under another name. Whoever sees something wrong waits a second and does the
same again; where the page says to open the activity again, they do that. A connection that was kept
and turns out to be closed is opened anew without a word, as browsers do.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives.serialization import load_pem_private_key
from tinylms import AGS, GONE, LTI, Lms

ITEMS = ("eerlijk-is-eerlijk", "hij-slaapt-niet", "wie-denkt-er-dan")
AGAIN_SECONDS = 1.0
"""How long a person waits before they try again."""

PATIENCE_SECONDS = 60.0
"""How long a browser waits for an answer."""

LIMIT = 1 << 20
"""Bytes of a head or a piece at most."""

_KIND = re.compile(r'<main[^>]* data-page="([^"]*)"')
_FORM = re.compile(r'<form [^>]*action="([^"]*)".*?</form>', re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')
_RADIO = re.compile(r'<input type="radio" name="choice" value="([^"]*)"')
_NEXT_LINK = re.compile(r'<a [^>]*href="([^"]*)"[^>]* data-next')
_STEP = re.compile(r"/(\d+)(?:/\d+)?/?$")


@dataclass
class Seen:
    """What all learners together saw; times are those of the system's monotonic clock.

    Attributes:
        answers: when it was asked, the seconds it took, and what was wrong with it, if anything.
        troubles: when a learner first saw something wrong, and the seconds until all was well.
        endings: when it was shown, and to whom.
        back: when somebody found themselves on an earlier step than before.
        resent: how often a kept connection was found closed, and another one answered.
    """

    answers: list[tuple[float, float, str]] = field(default_factory=list)
    troubles: list[tuple[float, float]] = field(default_factory=list)
    endings: list[tuple[float, str]] = field(default_factory=list)
    back: list[float] = field(default_factory=list)
    resent: int = 0


class Trouble(Exception):
    """What a learner sees that is no page of the activity; it says what."""


class Reopen(Trouble):
    """The page says to open the activity again."""


class Page(NamedTuple):
    """An answer, and where it came from."""

    status: int
    location: str
    text: str
    path: str

    @property
    def kind(self) -> str:
        """What the page says it is."""
        found = _KIND.search(self.text)
        return found[1] if found else ""

    @property
    def step(self) -> int | None:
        """How far in the activity it is."""
        found = _STEP.search(self.path)
        return int(found[1]) if found else None


class Browser:
    """One person's connection and cookies."""

    def __init__(self, host: str, port: int, seen: Seen) -> None:
        self._where = host, port
        self._seen = seen
        self._cookies: dict[str, str] = {}
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, path: str, fields: dict[str, str] | None = None) -> Page:
        """Ask for a page, or send a form.

        Raises:
            Trouble: no page of ours came, or one that says that something is wrong.
        """
        wrong, began = "", time.monotonic()
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                page, code = await self._exchange(path, fields)
        except TimeoutError:
            wrong = f"silent for {PATIENCE_SECONDS:.0f} s"
        except ConnectionRefusedError:
            wrong = "connection refused"
        except (OSError, asyncio.IncompleteReadError):
            wrong = "connection reset"
        else:
            if page.status >= 400:
                wrong = f"{page.status} {code}"
        self._seen.answers.append((began, time.monotonic() - began, wrong))
        if not wrong:
            return page
        if wrong[:3].isdigit():
            reopen = 400 <= page.status < 500 and page.status != 429
            raise Reopen(wrong) if reopen else Trouble(wrong)
        self.close()
        raise Trouble(wrong)

    def close(self) -> None:
        """Hang up."""
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def _exchange(self, path: str, fields: dict[str, str] | None) -> tuple[Page, str]:
        kept = self._streams is not None
        try:
            return await self._once(path, fields)
        except (ConnectionError, asyncio.IncompleteReadError) as broken:
            self.close()
            if not kept or getattr(broken, "partial", b""):
                raise
        self._seen.resent += 1
        return await self._once(path, fields)

    async def _once(self, path: str, fields: dict[str, str] | None) -> tuple[Page, str]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._where, limit=LIMIT)
        reader, writer = self._streams
        host, port = self._where
        lines = [f"{'GET' if fields is None else 'POST'} {path} HTTP/1.1", f"Host: {host}:{port}"]
        if self._cookies:
            lines.append("Cookie: " + "; ".join(f"{k}={v}" for k, v in self._cookies.items()))
        body = b""
        if fields is not None:
            body = urlencode(fields).encode()
            lines.append("Content-Type: application/x-www-form-urlencoded")
            lines.append(f"Content-Length: {len(body)}")
            if path.startswith("/l/"):  # as `static/steps.js` sends it
                lines.append("Prefer: return=representation")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        said: dict[str, str] = {}
        for line in head.split("\r\n")[1:-2]:
            name, _, value = line.partition(":")
            name, value = name.lower(), value.strip()
            if name == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self._cookies[cookie] = content
            said[name] = value
        text = (await self._body(reader, said)).decode(errors="replace")
        if said.get("connection", "").lower() == "close":
            self.close()
        at = said.get("content-location", path)
        answer = Page(int(head[9:12]), said.get("location", ""), text, at)
        return answer, said.get("x-proeftuin-error", "")

    @staticmethod
    async def _body(reader: asyncio.StreamReader, said: dict[str, str]) -> bytes:
        if "content-length" in said:
            return await reader.readexactly(int(said["content-length"]))
        if said.get("transfer-encoding") != "chunked":
            return b""
        body = b""
        while size := int(await reader.readline(), 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readline()
        return body


class Crowd:
    """All learners.

    Args:
        config: `url`, `login` and `launch` of the tool, `learners`, seconds to `think`, the `lms`
            as the values of `tinylms.Lms`, its key as PEM, and the address of its `completion`
            service.
    """

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config
        self._without = {AGS: GONE}
        given = config["lms"]
        self._lms = Lms(**given | {"key": load_pem_private_key(given["key"].encode(), None)})
        self.seen = Seen()
        self._stop = asyncio.Event()

    async def come(self, ended: Awaitable[Any]) -> None:
        """Let everybody learn until something ends."""
        everybody = [
            asyncio.create_task(self._learn(number)) for number in range(self._config["learners"])
        ]
        await ended
        self._stop.set()
        await asyncio.gather(*everybody)

    async def _learn(self, number: int) -> None:
        dice = random.Random(number)
        think = self._config["think"]
        await self._pause(dice.uniform(0, 2 * think))  # people do not come in the same second
        turn = 0
        while not self._stop.is_set():
            place = urlsplit(self._config["url"])
            browser = Browser(place.hostname or "", place.port or 80, self.seen)
            sub, item = f"learner-{number}-{turn}", ITEMS[(number + turn) % len(ITEMS)]
            with suppress(asyncio.CancelledError):
                await self._play(browser, sub, item, dice)
            browser.close()
            turn += 1

    async def _play(self, browser: Browser, sub: str, item: str, dice: random.Random) -> None:
        """Go from launch to ending, whatever comes between."""

        async def opened() -> Page:
            return await self._open(browser, sub, item)

        page, furthest = await self._insist(opened, opened), -1
        while page.kind != "ending":
            await self._pause(dice.uniform(0.5, 1.5) * self._config["think"])
            if self._stop.is_set():
                return
            path, fields = pressed(page, dice)

            async def go(path: str = path, fields: dict[str, str] | None = fields) -> Page:
                return await self._follow(browser, await browser.ask(path, fields))

            page = await self._insist(go, opened)
            if page.step is not None:
                if page.step < furthest:
                    self.seen.back.append(time.monotonic())
                furthest = max(furthest, page.step)
        self.seen.endings.append((time.monotonic(), sub))

    async def _insist(
        self, do: Callable[[], Awaitable[Page]], reopen: Callable[[], Awaitable[Page]]
    ) -> Page:
        """Do something until it works.

        Raises:
            asyncio.CancelledError: it is time to stop.
        """
        began: float | None = None
        while True:
            try:
                page = await do()
            except Trouble as trouble:
                began = began or time.monotonic()
                if isinstance(trouble, Reopen):
                    do = reopen
                await self._pause(AGAIN_SECONDS)
                if self._stop.is_set():
                    self.seen.troubles.append((began, time.monotonic() - began))
                    raise asyncio.CancelledError from None
                continue
            if began is not None:
                self.seen.troubles.append((began, time.monotonic() - began))
            return page

    async def _open(self, browser: Browser, sub: str, item: str) -> Page:
        """Launch, and look at the first page."""
        target = self._config["url"] + self._config["launch"]
        answer = await browser.ask(
            self._config["login"], self._lms.login_params(target_link_uri=target)
        )
        asked = parse_qs(urlsplit(answer.location).query)
        own = {
            "sub": sub,
            LTI + "target_link_uri": target,
            LTI + "resource_link": {"id": f"link-{item}"},
            LTI + "custom": {"item": item, "completion_url": self._config["completion"]},
        }
        claims = self._lms.claims(asked["nonce"][0], time.time(), **own, **self._without)
        fields = {"id_token": self._lms.sign(claims), "state": asked["state"][0]}
        return await self._follow(browser, await browser.ask(self._config["launch"], fields))

    @staticmethod
    async def _follow(browser: Browser, page: Page) -> Page:
        while page.status == 303:
            parts = urlsplit(page.location)
            page = await browser.ask(parts.path + (f"?{parts.query}" if parts.query else ""))
        if not page.kind:
            raise Trouble("a page without a kind")
        return page

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)


def pressed(page: Page, dice: random.Random) -> tuple[str, dict[str, str] | None]:
    """Return what a person sends from a page: a reaction, or the first step onward.

    Raises:
        RuntimeError: the page leads nowhere.
    """
    onward = page.text.find(" data-next")
    for form in _FORM.finditer(page.text):
        radios = _RADIO.findall(form[0])
        if (page.kind == "choice" and radios) or form.start() < onward < form.end():
            fields = {name: unescape(value) for name, value in _HIDDEN.findall(form[0])}
            if radios:
                fields["choice"] = unescape(dice.choice(radios))
            return unescape(form[1]), fields
    if link := _NEXT_LINK.search(page.text):
        return unescape(link[1]), None
    raise RuntimeError(f"{page.path} ({page.kind}) leads nowhere")


async def main(config: Path, answers: Path) -> None:
    """Be the crowd."""
    crowd = Crowd(json.loads(config.read_text()))
    print("ready", flush=True)
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, sys.stdin.readline)
    await crowd.come(loop.run_in_executor(None, sys.stdin.read))
    answers.write_text(json.dumps(asdict(crowd.seen)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), Path(sys.argv[2])))
