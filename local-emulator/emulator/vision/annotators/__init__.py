"""Which annotator serves which feature. A further one is a file beside these and a line here."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping

from google.cloud.vision_v1.types import Feature

from pipeline.logos import Gallery, Mark

from .base import Annotator
from .logos import LogoAnnotator
from .properties import PropertiesAnnotator
from .text import TextAnnotator


def annotators(marks: Iterable[Mark]) -> Mapping[int, Annotator]:
    """Every feature that is served, by its number."""
    return {
        int(Feature.Type.LOGO_DETECTION): LogoAnnotator(Gallery.load(marks)),
        int(Feature.Type.TEXT_DETECTION): TextAnnotator(),
        int(Feature.Type.IMAGE_PROPERTIES): PropertiesAnnotator(),
    }


def prepare(offered: Mapping[int, Annotator]) -> None:
    """Loads models in the background, so that the emulator is ready at once; who asks earlier waits."""

    def load() -> None:
        for annotator in offered.values():
            annotator.prepare()

    threading.Thread(target=load, name="prepare", daemon=True).start()
