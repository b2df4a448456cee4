"""The client of a deployment's API."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from . import answers
from .errors import ClipFailed, MediaAnalyzerError, PushFailed, Unreachable
from .live import Seen, watch
from .transport import Query, Transport

_POLL = 1.0  # s
_PAGE = 1000  # items of one answer, the most that the API gives


class Client:
    """A deployment of Media Analyzer, or the local stack.

        with Client("https://HOST", key) as client:
            for stream in client.streams():
                print(stream["id"], stream["state"])

    Answers are the API's JSON, typed (`media_analyzer.answers`); lists are iterators that fetch one page after the
    other. Every method raises MediaAnalyzerError. One client belongs to one thread.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        """`url` is the address of the page, `key` the admin key; without one, only what is public is seen.

        Raises ValueError if `url` is no such address.
        """
        self._transport = Transport(url, key)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes the connections."""
        self._transport.close()

    # Streams and sessions

    def streams(self) -> Iterator[answers.Stream]:
        """The streams that the key may see, in order of their ids."""
        return self._pages("/streams", "streams")

    def stream(self, stream: str) -> answers.Stream:
        """A stream, with its state, its addresses and its playlists."""
        return self._transport.get(_path(stream)).body["stream"]

    def create_stream(self, stream: str, name: str | None = None) -> answers.CreatedStream:
        """Makes a stream. Its key is in the answer, and nowhere else afterwards."""
        return self._transport.change("POST", "/streams", {"id": stream, "name": name or stream})

    def delete_stream(self, stream: str) -> None:
        """Deletes a stream with its key, its objects and its documents."""
        self._transport.change("DELETE", _path(stream))

    def sessions(self, stream: str) -> Iterator[answers.Session]:
        """The sessions of a stream, the newest first."""
        return self._pages(f"{_path(stream)}/sessions", "sessions")

    def session(self, stream: str, session: str) -> answers.Session:
        """A session: when it began and ended, its size, its length, why it failed."""
        return self._transport.get(_path(stream, session)).body["session"]

    # Results

    def frames(
        self, stream: str, session: str, *, start: float | None = None, end: float | None = None
    ) -> Iterator[answers.Frame]:
        """The frames that were looked at, from media time `start` to `end` (s), with all that was found on them."""
        return self._pages(f"{_path(stream, session)}/frames", "frames", {"from": start, "to": end})

    def detections(
        self,
        stream: str,
        session: str,
        *,
        kind: str | None = None,
        label: str | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Iterator[answers.FoundDetection]:
        """The detections of one kind or label, or all of them, from media time `start` to `end` (s)."""
        query: Query = {"kind": kind, "label": label, "from": start, "to": end}
        return self._pages(f"{_path(stream, session)}/detections", "detections", query)

    def tracks(
        self,
        stream: str,
        session: str,
        *,
        kind: str | None = None,
        label: str | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Iterator[answers.FollowedTrack]:
        """The boxes of each thing through the pictures, from media time `start` to `end` (s)."""
        query: Query = {"kind": kind, "label": label, "from": start, "to": end}
        return self._pages(f"{_path(stream, session)}/tracks", "tracks", query)

    def appearances(self, stream: str, session: str, *, kind: str = "logo") -> Iterator[answers.Appearance]:
        """Each stay of a label of one kind on the screen, in order of their beginning."""
        return self._pages(f"{_path(stream, session)}/appearances", "appearances", {"kind": kind})

    def transcript(self, stream: str, session: str) -> Iterator[answers.SpokenSegment]:
        """The words that were said, segment by segment."""
        return self._pages(f"{_path(stream, session)}/transcript", "segments")

    def captions(self, stream: str, session: str, *, format: str = "vtt") -> str:
        """The words that were said as captions: `vtt` (WebVTT) or `srt` (SubRip)."""
        return self._transport.download(f"{_path(stream, session)}/transcript.{quote(format, safe='')}").decode()

    def exposure(
        self, stream: str, session: str, *, kind: str = "logo", start: float | None = None, end: float | None = None
    ) -> answers.Exposure:
        """How long, and how large, each label of one kind was on the screen."""
        query: Query = {"kind": kind, "from": start, "to": end}
        return self._transport.get(f"{_path(stream, session)}/exposure", query).body["exposure"]

    def exposure_csv(self, stream: str, session: str, *, kind: str = "logo") -> bytes:
        """The same as a table (CSV, UTF-8), one label a row."""
        return self._transport.download(f"{_path(stream, session)}/exposure.csv", {"kind": kind})

    def annotations(self, stream: str, session: str, *features: str) -> dict[str, Any]:
        """The results in the shape of Video Intelligence's AnnotateVideoResponse.

        `features` by its names, such as `LOGO_RECOGNITION`; all without.
        """
        query: Query = {"features": ",".join(features) or None}
        return self._transport.get(f"{_path(stream, session)}/annotations", query).body

    def watch(self, stream: str, *, start: float | None = None) -> Iterator[Seen]:
        """What is found on a live stream, as it is found, until the session ends: see `media_analyzer.live`."""
        return watch(self._transport, stream, start)

    # Clips

    def clips(self, stream: str) -> Iterator[answers.Clip]:
        """The clips of a stream, the newest first."""
        return self._pages(f"{_path(stream)}/clips", "clips")

    def cut(self, stream: str, session: str, **asked: Any) -> answers.Clip:
        """Asks for a clip, and returns at once: it is made in the background.

        `asked` is the API's own: `start` and `end` (s of media time), `appearance` (an id) or `label` (a reel); also
        `kind`, `before`, `after`.
        """
        names = {"start": "from", "end": "to"}
        body = {names.get(name, name): value for name, value in asked.items() if value is not None}
        return self._transport.change("POST", f"{_path(stream, session)}/clips", body)["clip"]

    def made(self, stream: str, clip: str) -> answers.Clip:
        """The clip, once it is made. Raises ClipFailed where it cannot be made."""
        while True:
            found: answers.Clip = self._transport.get(f"{_path(stream)}/clips/{quote(clip, safe='')}").body["clip"]
            if found["state"] == "done":
                return found
            if found["state"] == "error":
                raise ClipFailed(f"clip {clip!r} of stream {stream!r}: {found['error']}")
            time.sleep(_POLL)

    def save(self, stream: str, clip: answers.Clip, path: Path) -> None:
        """Writes a clip that is made into the file `path`."""
        if clip["object"] is None:
            raise ClipFailed(f"clip {clip['id']!r} of stream {stream!r} is not made yet: see Client.made")
        grant = self._transport.change("POST", f"{_path(stream)}/grants")["grant"]
        self._transport.save(grant["url"] + clip["object"], path)

    # Sending

    def publish_token(self, stream: str) -> str:
        """A token that takes the place of the stream's key for two minutes."""
        return self._transport.change("POST", f"{_path(stream)}/grants/publish")["token"]

    def push(
        self,
        source: str,
        stream: str,
        *,
        loop: bool = False,
        seconds: float | None = None,
        on_progress: Callable[[Any], None] | None = None,
        on_note: Callable[[str], None] = lambda _: None,
    ) -> dict[str, Any]:
        """Sends `source` (a file, or any address that FFmpeg opens) to `stream` in real time; waits for the end.

        Ctrl-C ends the stream.
        Returns ingest's answer. Needs the package media-analyzer-sender. Raises PushFailed.
        """
        try:
            from sender.errors import SendError, Unavailable
            from sender.push import Push
        except ImportError as error:
            raise PushFailed("media-analyzer-sender is not installed: it sends videos") from error

        url = self.stream(stream)["addresses"]["http"]
        if url is None:
            raise PushFailed(f"stream {stream!r} has no address to send to: this deployment tells none")

        def key() -> str:
            try:
                return self.publish_token(stream)
            except Unreachable as error:  # it will be tried again
                raise Unavailable(str(error)) from error
            except MediaAnalyzerError as error:
                raise SendError(str(error)) from error

        push = Push(
            source, url, key, loop=loop, seconds=seconds, websocket=True, on_progress=on_progress, on_note=on_note
        )
        push.start()
        try:
            try:
                return push.join()
            except KeyboardInterrupt:
                push.stop()
                return push.join()
        except SendError as error:
            raise PushFailed(str(error)) from error

    def _pages(self, path: str, name: str, query: Query | None = None) -> Iterator[Any]:
        after: str | None = None
        while True:
            page = self._transport.get(path, {**(query or {}), "limit": _PAGE, "after": after}).body
            yield from page[name]
            after = page["next"]
            if after is None:
                return


def _path(stream: str, session: str | None = None) -> str:
    """The path of a stream, or of one of its sessions."""
    base = f"/streams/{quote(stream, safe='')}"
    return base if session is None else f"{base}/sessions/{quote(session, safe='')}"
