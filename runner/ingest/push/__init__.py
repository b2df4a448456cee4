"""Sends a video to ingest in real time: `python -m ingest.push SOURCE URL`, or from code:

push = Push("clip.mp4", "http://127.0.0.1:8081/streams/demo", key)
push.start()
push.join()  # raises what went wrong

source ──► remux (copied into a live container, timestamps rise over loops) ──► pace ──► post (one chunked request)
"""

from .push import Progress, Push

__all__ = ["Progress", "Push"]
