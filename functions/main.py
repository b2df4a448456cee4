"""Entry points of the Cloud Functions; the package `pipeline` does the work.

An instance serves one of them, named by FUNCTION_TARGET, and prepares it at start: a missing variable fails the start,
not the first event, and the libraries that a viewer would wait for are loaded by then.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

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
    "remote": "pipeline.detection.handler",
    "track": "pipeline.tracking.handler",
    "transcribe": "pipeline.speech.handler",
    "batch": "pipeline.batch.handler",
    "rules": "pipeline.rules.handler",
    "deliver": "pipeline.delivery.handler",
    "imports": "pipeline.imports.handler",
    "housekeep": "pipeline.maintenance.handler",
    "bury": "pipeline.maintenance.dead_letters",
}
"""The module of each function: it prepares an instance, and handles the function's events or requests."""


def _handler(function: str) -> Any:
    """The module of `function`, which an instance of another function does not load."""
    return importlib.import_module(HANDLERS[function])


os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read when numpy is: events run side by side; idle threads spin
logs.configure()
if target := os.environ.get("FUNCTION_TARGET"):
    _handler(target).prepare()
    tracing.configure(target)
    metrics.configure(target)


@functions_framework.cloud_event
def sample(event: CloudEvent) -> None:
    """A finalised segment: its frames, visual properties and motion."""
    edge.handle(_handler("sample").sample, event, dead_letters.refused)


@functions_framework.cloud_event
def detect(event: CloudEvent) -> None:
    """A finalised frame: its detections."""
    edge.handle(_handler("detect").detect, event, dead_letters.refused)


@functions_framework.cloud_event
def remote(event: CloudEvent) -> None:
    """A frame that `detect` has handed on: its detections by providers at addresses of their own."""
    edge.handle(_handler("remote").detect, event, dead_letters.refused)


@functions_framework.cloud_event
def track(event: CloudEvent) -> None:
    """The finalised results of a frame: the tracks of its boxes, to the frames beside it."""
    edge.handle(_handler("track").track, event, dead_letters.refused)


@functions_framework.cloud_event
def transcribe(event: CloudEvent) -> None:
    """A finalised segment: its spoken words, if its stream is transcribed."""
    edge.handle(_handler("transcribe").transcribe, event, dead_letters.refused)


@functions_framework.cloud_event
def batch(event: CloudEvent) -> None:
    """A segment, a frame or results of an import or a reanalysis, which wait for live streams."""
    edge.handle(_handler("batch").batch, event, dead_letters.refused)


@functions_framework.cloud_event
def rules(event: CloudEvent) -> None:
    """A finalised segment, or results of a frame: alerts, where a rule says so."""
    edge.handle(_handler("rules").rules, event, dead_letters.refused)


@functions_framework.cloud_event
def deliver(event: CloudEvent) -> None:
    """An alert, or its delivery to one channel."""
    edge.handle_message(_handler("deliver").deliver, event, dead_letters.refused)


@functions_framework.cloud_event
def imports(event: CloudEvent) -> None:
    """A finalised upload: an execution of the job that imports it."""
    edge.handle(_handler("imports").imports, event, dead_letters.refused)


@functions_framework.cloud_event
def bury(event: CloudEvent) -> None:
    """A message that Pub/Sub has given up on: kept with its reason, for an operator to look at."""
    edge.handle_message(_handler("bury").bury, event)


@functions_framework.http
def housekeep(request: Request) -> Response:
    """Periodic maintenance, once a minute."""
    return _handler("housekeep").respond(request)
