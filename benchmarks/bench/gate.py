"""nginx before the tool, which is told to send everybody to another port without losing anybody."""

import shutil
import subprocess
import time
from pathlib import Path

from stack import free_port

CONFIG = """
daemon off;
pid {home}/nginx.pid;
events {{ worker_connections 2048; }}
http {{
  access_log off;
  client_body_temp_path {home}/body;
  proxy_temp_path {home}/proxy;
  fastcgi_temp_path {home}/fastcgi;
  uwsgi_temp_path {home}/uwsgi;
  scgi_temp_path {home}/scgi;
  large_client_header_buffers 4 64k;
  proxy_buffer_size 64k;
  proxy_buffers 8 64k;
  proxy_busy_buffers_size 128k;
  upstream proeftuin {{ server 127.0.0.1:{port}; }}
  server {{
    listen 127.0.0.1:{listen};
    location / {{
      proxy_pass http://proeftuin;
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $remote_addr;
      proxy_set_header X-Forwarded-Proto http;
      proxy_set_header X-Forwarded-Host $http_host;
    }}
  }}
}}
"""
"""What docs/deploy/nginx.conf says, without TLS."""


class Gate:
    """A running nginx.

    Args:
        folder: for its files.
        port: where the tool is.

    Attributes:
        url: where it answers.
    """

    def __init__(self, folder: Path, port: int) -> None:
        self._home = folder
        self._listen = free_port()
        self.url = f"http://127.0.0.1:{self._listen}"
        self._write(port)
        program = shutil.which("nginx") or "/usr/sbin/nginx"
        self._words = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
        self._words += ["-e", str(folder / "nginx.log")]
        self.process = subprocess.Popen(self._words)

    def turn(self, port: int) -> None:
        """Send everybody to another port, and return when nobody is at the old one any more."""
        self._write(port)
        before = self._workers()
        subprocess.run([*self._words, "-s", "reload"], check=True)
        while before & self._workers():
            time.sleep(0.1)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(timeout=20)

    def _write(self, port: int) -> None:
        text = CONFIG.format(home=self._home, port=port, listen=self._listen)
        (self._home / "nginx.conf").write_text(text)

    def _workers(self) -> set[str]:
        pid = self.process.pid
        return set(Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
