"""Analysis: the settings of all streams that have none of their own; get, change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline.cloud import public_hosts
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config
from pipeline.domain import shapes
from pipeline.domain.analysis import SAMPLING
from pipeline.domain.errors import BadRequest, Forbidden, Unavailable
from pipeline.domain.model import Kind
from pipeline.domain.people import Role
from pipeline.domain.providers import PROVIDERS
from pipeline.domain.settings import own_tenant
from pipeline.speech.settings import transcription

from ...people.caller import of
from ..models import analysis_answers
from ..models.requests import AnalysisChange
from ..requests import answer, json_object, raw

if TYPE_CHECKING:
    from werkzeug import Request, Response


def get(request: Request) -> Response:
    """Get the settings of analysis for all streams that have none of their own.

    `config` is what is set, `defaults` holds for the rest, and `limits` are the least and the greatest values.
    `places` are empty for callers who do not run the deployment.
    """
    config = analysis_config.load().settings.fields()
    if not of(request).reaches(Role.OPERATOR, own_tenant()):
        config["places"] = {}
    return answer(
        analysis_answers.Configuration(
            config=config, defaults=_defaults(), limits=analysis_answers.SamplingLimits(**SAMPLING)
        )
    )


def change(request: Request) -> Response:
    """Change the settings of analysis: a merge patch.

    Objects are merged, null takes away (RFC 7396). In force within seconds; nothing is restarted.
    `places` are addresses that the deployment calls: they need the role admin.
    """
    patch = json_object(raw(request))
    shapes.read(patch, AnalysisChange)
    if "places" in patch and not of(request).reaches(Role.ADMIN, own_tenant()):
        raise Forbidden(f"'places' needs the role {Role.ADMIN}: ask an administrator of the deployment")
    stored = analysis_config.load()
    settings = analysis_config.merged(stored.settings, patch)
    _check_places(settings.endpoints)
    analysis_config.save(analysis_config.Stored(settings, stored.version))
    return answer(analysis_answers.ConfigurationAnswer(config=settings.fields()))


def _check_places(places: Mapping[str, str]) -> None:
    """Raises BadRequest for an address that `detect` would refuse too, each time."""
    if detection().places_private:
        return
    for name, place in places.items():
        try:
            public_hosts.check(place)
        except (BadRequest, Unavailable) as error:
            raise BadRequest(f"'places.{name}' must be public: {error} (placesPrivate allows others)") from None


def _defaults() -> analysis_answers.Defaults:
    from pipeline.sampling.settings import sampling  # brings FFmpeg and OpenCV: loaded when asked for

    looking, process = detection(), sampling()
    policy = process.policy({})
    in_force = {
        "looks_per_second": process.looks_per_second,
        "minimum_interval": policy.minimum,
        "maximum_interval": policy.maximum,
        "follow_interval": policy.follow,
        "change": policy.change,
        "calls_per_hour": policy.calls_per_hour,
    }
    able = {kind.value: [name for name in looking.providers if kind in PROVIDERS[name].kinds] for kind in Kind}
    return analysis_answers.Defaults(
        kinds=list(map(Kind, looking.kinds)),
        providers=analysis_answers.DefaultProviders(**able),
        threshold=analysis_answers.DefaultThreshold(**dict.fromkeys(map(str, Kind), looking.threshold)),
        brands=[],
        sampling=analysis_answers.DefaultSampling(**in_force),
        speech=analysis_answers.DefaultSpeech(
            enabled=transcription().enabled, languages=list(transcription().languages)
        ),
    )
