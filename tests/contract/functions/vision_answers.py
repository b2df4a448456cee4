"""Answers of Cloud Vision."""

from __future__ import annotations

from typing import Any

from google.cloud.vision_v1 import types


def logo(name: str = "Nike", score: float = 0.9) -> types.EntityAnnotation:
    corners = [types.Vertex(x=x, y=y) for x, y in ((128, 72), (384, 72), (384, 216), (128, 216))]
    return types.EntityAnnotation(description=name, score=score, bounding_poly=types.BoundingPoly(vertices=corners))


def seen(*logos: types.EntityAnnotation) -> Any:
    return lambda: types.AnnotateImageResponse(logo_annotations=list(logos))


def fails(code: int, message: str) -> Any:
    return lambda: types.AnnotateImageResponse(error={"code": code, "message": message})
