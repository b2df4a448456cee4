"""Words for what is looked for, where a provider is told in words: the configuration's, or these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..domain.analysis import WORDED
from ..domain.model import AnalysisSettings, Kind
from .recognisers.coco import NAMES

SCENES = (
    *("stadium", "football match", "basketball game", "tennis match", "race track", "swimming pool", "gym"),
    *("news studio", "interview", "press conference", "concert", "stage", "crowd", "audience", "classroom"),
    *("office", "kitchen", "living room", "shop", "supermarket", "warehouse", "factory", "restaurant"),
    *("street", "highway", "city skyline", "railway station", "airport", "harbour", "parking lot"),
    *("beach", "forest", "mountain", "field", "river", "sky", "snow", "night scene", "map", "chart", "title card"),
)
_DEFAULT: Mapping[Kind, Sequence[str]] = {Kind.OBJECT: NAMES, Kind.LABEL: SCENES}


def words_of(settings: AnalysisSettings) -> Mapping[Kind, Sequence[str]]:
    """What is looked for in words, by kind."""
    return {kind: settings.words.get(kind) or _DEFAULT[kind] for kind in WORDED}
