"""Entry points of the Cloud Functions. What each one does is in `pipeline`.

An instance serves one of them, named by FUNCTION_TARGET, and looks at start for what that one needs: a missing variable
fails the start, not the first event; where somebody waits for what it does, its libraries are loaded by then, too.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

import functions_framework

from pipeline.cloud import edge, logs, metrics, tracing
from pipeline.maintenance import dead_letters

if TYPE_CHECKING:
    from cloudevents.http import CloudEvent
    from flask import Request
    from werkzeug import Response

HANDLERS = {
    "sample": "pipeline.sampling.handler",
    "detect": "pipeline.detection.handler",
    "transcribe": "pipeline.speech.handler",
    "imports": "pipeline.imports.handler",
    "housekeep": "pipeline.maintenance.handler",
    "bury": "pipeline.maintenance.dead_letters",
}

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is: events run side by side; idle threads spin
logs.configure()
if target := os.environ.get("FUNCTION_TARGET"):
    importlib.import_module(HANDLERS[target]).prepare()
    tracing.configure(target)
    metrics.configure(target)


@functions_framework.cloud_event
def sample(event: CloudEvent) -> None:
    """A finalised segment: its frames, visual properties and motion."""
    from pipeline.sampling import handler

    edge.handle(handler.sample, event, dead_letters.refused)


@functions_framework.cloud_event
def detect(event: CloudEvent) -> None:
    """A finalised frame: its detections."""
    from pipeline.detection import handler

    edge.handle(handler.detect, event, dead_letters.refused)


@functions_framework.cloud_event
def transcribe(event: CloudEvent) -> None:
    """A finalised segment: what is said in it, where somebody wants to know."""
    from pipeline.speech import handler

    edge.handle(handler.transcribe, event, dead_letters.refused)


@functions_framework.cloud_event
def imports(event: CloudEvent) -> None:
    """A finalised upload: an execution of the job that imports it."""
    from pipeline.imports import handler

    edge.handle(handler.imports, event, dead_letters.refused)


@functions_framework.cloud_event
def bury(event: CloudEvent) -> None:
    """A message that was given up on: kept with its reason, for people to look at."""
    edge.handle_message(dead_letters.bury, event)


@functions_framework.http
def housekeep(request: Request) -> Response:
    """Once a minute: what nobody else is left to do."""
    from pipeline.maintenance import handler

    return handler.respond(request)
