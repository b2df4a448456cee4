"""A sender that is killed and comes back, and an ingest service that is killed under it: one session, nothing lost."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest
from google.api_core.exceptions import NotFound
from google.cloud import firestore
from tests.e2e.helpers.plain import plain
from tests.lint.hls import lint, parse
from tests.wait import until

from emulator.sample import streams
from emulator.sample.demo.ledger import Ledger
from emulator.stack import control as stacks
from pipeline.cloud import clients
from pipeline.domain import names

pytestmark = pytest.mark.stack
KILLS = 5
INGEST_TOO = (1, 3)  # during these stays the service is killed first
PATIENCE = 90.0  # s: a machine that is busy with something else


class Sender:
    """ffmpeg, sending a clip over and over in real time, until it is killed."""

    def __init__(self, stack: Any, stream: str, key: str, clip: Path, *limit: str) -> None:
        loop = () if limit else ("-stream_loop", "-1")
        command = ["ffmpeg", "-v", "error", "-re", *loop, "-i", clip, *limit, "-c", "copy", "-f", "mpegts"]
        command += ["-method", "POST", "-headers", f"Authorization: Bearer {key}\r\n"]
        self.process = subprocess.Popen([*command, streams.address(stack, stream)], stderr=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def kill_ingest() -> None:
    """SIGKILL to the whole service, and back only once its supervisor has started it again."""
    name = f"test-{os.getpid()}"

    def pid() -> int | None:
        found = stacks.find(name)
        return found.resources["service/ingest"].pid if found else None

    before = pid()
    assert before is not None
    for process in [*psutil.Process(before).children(recursive=True), psutil.Process(before)]:
        process.send_signal(signal.SIGKILL)
    until(lambda: pid() not in (None, before), PATIENCE, "the return of the ingest service")


def test_a_publisher_killed_five_times_and_ingest_in_between_lose_no_segment(stack: Any, clip: Path) -> None:
    stream = "reconnects"
    key = plain(stack, stream, "Reconnects")
    db = firestore.Client(project=stack.project)
    bucket = clients.media_bucket()
    document = db.document(names.stream_path(stream))

    def listed() -> int:
        session = document.get().get("session")
        found = db.document(names.session_path(stream, session)).get().to_dict() if session else None
        return int((found or {}).get("segments") or 0)

    def stays() -> int:
        """How many senders are in the playlist: all but the first begin with a discontinuity."""
        session = document.get().get("session")
        try:
            text = bucket.blob(names.live_playlist(stream, session)).download_as_text() if session else ""
        except NotFound:  # a session without a segment
            text = ""
        if not text:
            return 0
        found = parse(text)
        return found.number("#EXT-X-DISCONTINUITY-SEQUENCE") + sum(item.discontinuity for item in found.items) + 1

    def goes_on(stay: int, *limit: str) -> Sender:
        """A sender that tries until it is let in, as encoders do, and two segments from it are listed."""
        sender, first = Sender(stack, stream, key, clip, *limit), 0

        def two_more() -> bool:
            nonlocal sender, first
            if sender.process.poll() not in (None, 0):  # refused: the lease of who was killed has not run out
                sender = Sender(stack, stream, key, clip, *limit)
            if stays() <= stay:  # what is still listed may be of the sender before
                first = listed()
                return False
            return listed() >= first + 2

        until(two_more, PATIENCE, f"a list of two segments of stay {stay}")
        return sender

    for stay in range(KILLS):
        sender = goes_on(stay)
        if stay in INGEST_TOO:
            kill_ingest()
        sender.kill()
    goes_on(KILLS, "-t", "8").process.wait(PATIENCE)
    until(lambda: document.get().get("state") == "ended", PATIENCE, "the end of the session")

    sessions = list(db.collection(f"{names.stream_path(stream)}/sessions").stream())
    assert [found.id for found in sessions] == [document.get().get("session")]
    said = sessions[0].to_dict() or {}
    stored = [blob.name for blob in bucket.list_blobs(prefix=f"{names.SEGMENTS}{stream}/")]
    for name in (said["playlist"], said["vod"]):
        text = bucket.blob(name).download_as_text()
        assert lint(text) == []
        assert text.endswith("#EXT-X-ENDLIST\n")
        assert ["segments" + item.uri.partition("segments")[2] for item in parse(text).items] == stored
        assert sum(item.discontinuity for item in parse(text).items) == KILLS
    assert said["segments"] == len(stored)

    def analysed() -> bool:
        ledger = Ledger(len(stored))
        for found in sessions[0].reference.collection("segments").stream():
            ledger.see_segment(found.to_dict() or {}, found.update_time)
        for found in sessions[0].reference.collection("frames").stream():
            ledger.see_frame(int(found.id), found.to_dict() or {}, found.update_time)
        return ledger.complete and not ledger.errors()

    until(analysed, PATIENCE, "the analysis of everything")
