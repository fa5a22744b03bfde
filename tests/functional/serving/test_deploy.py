"""The shipped configuration, as it ships: nginx over HTTPS, the unit, the environment file."""

import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from certificates import make_certificate
from served import Served, until
from stack import free_port

pytestmark = pytest.mark.xdist_group("deploy")  # one worker starts nginx

DEPLOY = Path(__file__).resolve().parents[3] / "docs" / "deploy"
NAME = "proeftuin.example.org"
SECRET = "kB2-vQ9_xT7wLr4mZ8sPf1aYc6uEj3hN"


def variables() -> dict[str, str]:
    """Return what the environment file sets."""
    lines = (DEPLOY / "proeftuin.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


class Site:
    """The tool behind nginx."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.port = port

    def connect(self, name: str = NAME) -> ssl.SSLSocket:
        context = ssl.create_default_context(cafile=str(self.home / "fullchain.pem"))
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        return context.wrap_socket(plain, server_hostname=name)

    def ask(self, path: str, *headers: str, body: bool = False) -> str:
        """Return the head of an answer, or all of it."""
        with self.connect() as connection:
            lines = [f"GET {path} HTTP/1.1", f"Host: {NAME}", "Connection: close", *headers]
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
        return (answer if body else answer.partition(b"\r\n\r\n")[0]).decode()


@contextmanager
def before(home: Path, tool_port: int) -> Iterator[Site]:
    """Run nginx with its example before a port; other paths and ports."""
    make_certificate(home, NAME)
    port = free_port()
    ours = (DEPLOY / "nginx.conf").read_text()
    for was, now in (
        ("listen 443", f"listen 127.0.0.1:{port}"),
        ("127.0.0.1:8000", f"127.0.0.1:{tool_port}"),
        ("/etc/ssl/proeftuin", str(home)),
        ("/var/log/nginx", str(home)),
    ):
        assert was in ours
        ours = ours.replace(was, now)
    temporary = "".join(
        f"{kind}_temp_path {home}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (home / "nginx.conf").write_text(
        f"daemon off;\npid {home}/nginx.pid;\nevents {{}}\nhttp {{\n{temporary}{ours}}}\n"
    )
    command = [shutil.which("nginx") or "/usr/sbin/nginx", "-p", str(home)]
    command += ["-c", str(home / "nginx.conf"), "-e", str(home / "start.log")]
    nginx = subprocess.Popen(command)

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    try:
        until(listens)
        yield Site(home, port)
    finally:
        nginx.terminate()
        nginx.wait(timeout=20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Run the tool with the environment file behind nginx."""
    home = tmp_path_factory.mktemp("deploy")
    environment = {
        name: value.replace("/var/lib/proeftuin", str(home)) for name, value in variables().items()
    }
    tool = Served(home, **environment | {"PROEFTUIN_SECRET_KEY": SECRET})
    try:
        with before(home, tool.port) as made:
            yield made
    finally:
        tool.stop()


def test_while_the_tool_starts_again_there_is_a_sentence(tmp_path: Path) -> None:
    with before(tmp_path, free_port()) as site:
        answer = site.ask("/")
        assert answer.startswith("HTTP/1.1 503")
        assert "Retry-After: 5" in answer
        page = site.ask("/l/session/", body=True)
    for sentence in ("Er is niets verloren", "Nothing was lost"):
        assert sentence in page


def test_pages_come_over_https_with_their_headers(site: Site) -> None:
    head = site.ask("/")
    assert head.startswith("HTTP/1.1 200")
    assert "Strict-Transport-Security: max-age=31536000\r\n" in head + "\r\n"
    assert "X-Frame-Options" not in head
    assert "Server: waitress" not in head


def test_another_name_gets_nothing(site: Site) -> None:
    with pytest.raises(ssl.SSLError):
        site.connect("evil.example")


def test_a_login_of_sixteen_thousand_characters_gets_through(site: Site) -> None:
    head = site.ask("/lti/login?iss=x&target_link_uri=y&login_hint=" + "%41" * 16_000)
    assert head.startswith("HTTP/1.1 400")
    assert "X-Proeftuin-Error: login-target" in head  # the tool read it whole


def test_the_readiness_is_for_this_machine_and_metrics_need_a_token(site: Site) -> None:
    assert site.ask("/readyz").startswith("HTTP/1.1 200")
    assert site.ask("/metrics").startswith("HTTP/1.1 404")


def test_dripping_connections_stay_at_nginx(site: Site) -> None:
    held = [site.connect() for _ in range(40)]
    for connection in held[:12]:
        connection.sendall(b"POST /lti/login HTTP/1.1\r\n")
    began = time.monotonic()
    for _ in range(10):
        assert site.ask("/").startswith("HTTP/1.1 200")
    assert time.monotonic() - began < 10
    for connection in held:
        connection.close()


def test_no_log_holds_an_address_a_path_or_a_query(site: Site) -> None:
    site.ask("/lti/login?iss=a-value-of-a-person", "User-Agent: a-browser")
    until(lambda: (site.home / "proeftuin.log").stat().st_size > 0)
    for log in site.home.glob("*.log"):
        written = log.read_text()
        for secret in ("a-value-of-a-person", "a-browser", "127.0.0.1", "/lti/login?"):
            assert secret not in written, log
    assert re.search(r" GET 400 [\d.]+ \d+$", (site.home / "proeftuin.log").read_text(), re.M)


def test_the_environment_file_wants_a_secret_of_ones_own() -> None:
    assert variables()["PROEFTUIN_SECRET_KEY"] == ""


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    unit = (DEPLOY / "proeftuin.service").read_text()
    assert "/opt/proeftuin/bin/proeftuin" in unit
    (tmp_path / "proeftuin.service").write_text(
        unit.replace("/opt/proeftuin/bin/proeftuin", "/bin/true").replace("postgresql.service", "")
    )
    shutil.copy(DEPLOY / "proeftuin.socket", tmp_path)
    checked = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir())],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    complaints = [line for line in checked.stderr.splitlines() if "proeftuin." in line]
    assert (checked.returncode, complaints) == (0, [])


def test_nginx_asks_where_systemd_listens() -> None:
    (address,) = re.findall(r"ListenStream=(\S+)", (DEPLOY / "proeftuin.socket").read_text())
    assert f"server {address};" in (DEPLOY / "nginx.conf").read_text()


def test_the_tool_takes_no_traffic_from_a_foreign_host(site: Site) -> None:
    (port,) = re.findall(r"server 127\.0\.0\.1:(\d+)", (site.home / "nginx.conf").read_text())
    answer = requests.get(f"http://127.0.0.1:{port}/", timeout=5)
    assert answer.status_code == 400
    assert NAME not in answer.text
