"""Forwards one publisher's stream: pulls it from nginx over loopback and sends it to ingest, without decoding."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from av.container import InputContainer
from av.error import FFmpegError

from pipeline.domain.errors import UnsupportedMedia as Refused
from pipeline.media.limits import check_size
from sender.broadcast import LiveSender, feed_all
from sender.dial import Dial
from sender.errors import SendError, UnsupportedMedia
from sender.source import NoVideo, Source, open_source, packets
from sender.websocket import Connection

log = logging.getLogger(__name__)

_ACCEPTED = {"h264"}
_WORD_SECONDS = 2.0  # between the end of the video and nginx's word on how it ended
_PROBE = {"probesize": "200000", "analyzeduration": "500000"}  # FFmpeg's own take five seconds


class Forwarder:
    """Sends the stream at `address` until it ends. Calls `failed` once, with the SendError, if it ends too soon."""

    def __init__(
        self,
        stream: str,
        address: str,
        connect: Callable[[], Connection],
        failed: Callable[[SendError], None],
    ) -> None:
        """Connects to ingest. Raises the SendError of ingest's answer."""
        self.stream = stream
        self._address, self._failed = address, failed
        self._stop = threading.Event()
        self._clean = False
        self._connection = connect()
        self._dial = Dial(connect, stop=self._stop, note=self._note)
        self._thread = threading.Thread(target=self._run, name=f"forward-{stream}", daemon=True)

    def start(self) -> None:
        """Starts to pull."""
        self._thread.start()

    def abandon(self) -> None:
        """Leaves the session without having started."""
        self._connection.leave()

    def finish(self, *, clean: bool) -> None:
        """Ends the stream, cleanly or so that the session waits for the publisher to come back."""
        self._clean = clean
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Waits until ingest has all of it."""
        self._thread.join(seconds)

    def _run(self) -> None:
        sender = LiveSender(self._dial, self._connection, lambda _: None)
        try:
            self._forward(sender)
        except SendError as error:
            log.warning("%s", error, extra={"labels": {"stream": self.stream}})
            self._failed(error)

    def _forward(self, sender: LiveSender) -> None:
        try:
            container = open_source(Source(self._address, options=_PROBE))
        except NoVideo as error:
            reason = f"the encoder sends {error.found} and no video; a video stream is needed"
            self._connection.fail(reason)
            raise UnsupportedMedia(reason) from None
        except UnsupportedMedia:
            sender.leave()
            raise
        try:
            check_codec(container)
        except UnsupportedMedia as error:
            container.close()
            self._connection.fail(str(error))
            raise
        try:
            feed_all(packets(Source(self._address), container), sender)
        except FFmpegError as error:
            if not self._stop.is_set():  # a dropped player ends like this
                log.warning("the publisher's stream broke off: %s", error, extra={"labels": {"stream": self.stream}})
        self._stop.wait(_WORD_SECONDS)
        if self._clean:
            sender.end()
        else:
            sender.leave()

    def _note(self, message: str) -> None:
        log.warning("%s", message, extra={"labels": {"stream": self.stream}})


def check_codec(container: InputContainer) -> None:
    """Raises UnsupportedMedia for video that cannot be copied to the viewers."""
    video = container.streams.video[0]
    try:
        check_size(video.width, video.height)
    except Refused as error:
        raise UnsupportedMedia(str(error)) from None
    name = video.codec_context.codec.canonical_name
    if name not in _ACCEPTED:
        raise UnsupportedMedia(
            f"the encoder sends {name.upper()}; over RTMP only H.264 is accepted: choose an H.264 encoder "
            "(OBS: Settings, Output, Video Encoder)"
        )
