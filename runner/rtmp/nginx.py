"""nginx with the RTMP module: finds, configures and runs it, and drops its clients."""

from __future__ import annotations

import http.client
import logging
import os
import re
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from .settings import Rtmp

log = logging.getLogger(__name__)

_MODULES = ("/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/usr/local/lib/nginx/modules")
_TEMPLATE = Path(__file__).with_name("nginx.conf")
_TIMEOUT_SECONDS = 5.0


def binary() -> str | None:
    """The nginx program; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/local/nginx/sbin")


def module() -> Path | None:
    """nginx's RTMP module (Debian: libnginx-mod-rtmp)."""
    files = (Path(folder) / "ngx_rtmp_module.so" for folder in _MODULES)
    return next((file for file in files if file.exists()), None)


def configuration(settings: Rtmp, folder: Path, rtmp_module: Path | None, secret: str) -> str:
    """nginx's configuration, with the `secret` of the hooks' path. Without `rtmp_module`, nginx must have been built
    with it."""
    values = {
        "load_module": f"load_module {rtmp_module};" if rtmp_module else "",
        "folder": str(folder),
        "host": settings.host,
        "rtmp_port": str(settings.rtmp_port),
        "hooks": f"http://127.0.0.1:{settings.port}/hooks/{secret}",
        # If it does not listen on every address, the relay itself still pulls over loopback.
        "loopback": "" if settings.host in ("0.0.0.0", "127.0.0.1") else f"listen 127.0.0.1:{settings.rtmp_port};",
    }
    text = "\n".join(line for line in _TEMPLATE.read_text().splitlines() if not line.startswith("#"))
    return Template(text).substitute(values)


def ending_with(parent: int) -> list[str]:
    """A command before nginx's own, by which nginx ends with the process `parent`, however that ends (Linux).

    A parent that dies before setpriv has asked for the signal is noticed by the shell: nginx then does not start.
    """
    setpriv = shutil.which("setpriv")
    orphaned = '[ "$PPID" = "$0" ] || exit 1; unset PWD; exec "$@"'
    return [setpriv, "--pdeathsig", "TERM", "--", "/bin/sh", "-c", orphaned, str(parent)] if setpriv else []


class Nginx:
    """A running nginx. `ended` is set once it has exited, for any reason."""

    def __init__(self, settings: Rtmp, folder: Path, secret: str) -> None:
        """Starts nginx. Only this user may read `folder`. Raises FileNotFoundError if it is not installed."""
        program = binary()
        if program is None:
            raise FileNotFoundError("nginx is not installed: apt-get install nginx libnginx-mod-rtmp")
        self.ended = threading.Event()
        self._control = folder / "control.sock"
        config = folder / "nginx.conf"
        config.write_text(configuration(settings, folder, module(), secret))
        command = [*ending_with(os.getpid()), program, "-c", str(config), "-p", str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=self._read_log, name="nginx-log", daemon=True).start()

    def drop(self, client: str) -> None:
        """Disconnects a client by its id, publisher or player. One that has already gone is ignored."""
        connection = _UnixConnection(self._control)
        try:
            connection.request("GET", "/control/drop/client?" + urlencode({"app": "live", "clientid": client}))
            connection.getresponse().read()
        except OSError as error:
            log.warning("client %s could not be dropped: %s", client, error)
        finally:
            connection.close()

    def stop(self) -> None:
        """Ends nginx and every connection."""
        self._process.terminate()
        try:
            self._process.wait(_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _read_log(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            log.warning("nginx: %s", re.sub(r"args=\S*", "args=[redacted]", line.strip()))
        self._process.wait()
        self.ended.set()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Connects to the socket file."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(_TIMEOUT_SECONDS)
        self.sock.connect(str(self._path))
