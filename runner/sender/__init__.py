"""Sends a video to ingest in real time: `media-analyzer-send SOURCE URL`, or from code:

    push = Push("clip.mp4", "http://127.0.0.1:8081/streams/demo", key, websocket=True)
    push.start()
    push.join()  # raises what went wrong

source ──► remux (copied into a live container, timestamps rise over loops) ──► pace ──► broadcast (one WebSocket
after another as they break off), or post (one chunked request)

The package stands alone: it can be installed without the rest of the project (pyproject.toml).
"""

from .errors import SendError
from .push import Progress, Push
from .source import Source

__all__ = ["Progress", "Push", "SendError", "Source"]
