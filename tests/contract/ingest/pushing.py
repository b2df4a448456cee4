"""An HLS sender whose every request a test decides."""

from __future__ import annotations

import http.client
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # conftest imports this module
    from tests.contract.ingest.conftest import Publishing, Service


@dataclass
class Encoder:
    """Sends segments and playlists, one connection each, as if to any instance."""

    service: Service
    stream: Publishing
    listed: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])

    def send(self, method: str, name: str, body: bytes = b"", **headers: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60)
        given = {"Authorization": f"Bearer {self.stream.key}", **headers}
        connection.request(method, f"/streams/{self.stream.id}/{name}", body, given)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or b"{}")

    def segment(self, name: str, data: bytes) -> dict[str, Any]:
        status, answer = self.send("PUT", name, data)
        assert status == 200, answer
        return answer

    def playlist(self, items: Sequence[str], first: int = 0, *, ended: bool = False, **how: Any) -> dict[str, Any]:
        """Lists `items`, each the lines before its name and the name; a plain name lasts two seconds."""
        status, answer = self.send("PUT", "live.m3u8", playlist(items, first, ended=ended, **how))
        assert status == 200, answer
        return answer


def playlist(items: Sequence[str], first: int = 0, *, ended: bool = False, seconds: str = "2.000000") -> bytes:
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:2", f"#EXT-X-MEDIA-SEQUENCE:{first}"]
    for item in items:
        *tags, name = item.split("\n")
        lines += [*tags, f"#EXTINF:{seconds},", name]
    return "\n".join([*lines, *(["#EXT-X-ENDLIST"] if ended else []), ""]).encode()


def cut(clip: Path, folder: Path, *options: str) -> list[Path]:
    """The clip as Debian's ffmpeg cuts it: its segments, in order."""
    import subprocess

    folder.mkdir(parents=True)
    command = ["ffmpeg", "-v", "error", "-i", clip, "-c", "copy", "-f", "hls", "-hls_time", "2", "-hls_list_size", "0"]
    subprocess.run([*command, *options, folder / "live.m3u8"], check=True, timeout=60)
    return sorted((p for p in folder.iterdir() if p.suffix in (".ts", ".m4s")), key=lambda p: int(p.stem[4:]))
