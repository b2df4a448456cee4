"""Analysis: the settings of all streams that have none of their own; get, change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.cloud import public_hosts
from pipeline.detection.service.sealed import seal
from pipeline.detection.settings import detection
from pipeline.documents import analysis_config
from pipeline.domain import shapes
from pipeline.domain.analysis import SAMPLING
from pipeline.domain.errors import BadRequest, Forbidden, Unavailable
from pipeline.domain.model import AnalysisSettings, Kind, OwnProvider
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
    `places` and `own_providers` are empty for callers who do not run the deployment. Keys are never answered: a
    provider's `has_key` says whether there is one.
    """
    config = analysis_config.load().settings.fields(keys=False)
    if not of(request).reaches(Role.OPERATOR, own_tenant()):
        config |= {"places": {}, "own_providers": {}}
    return answer(
        analysis_answers.Configuration(
            config=config, defaults=_defaults(), limits=analysis_answers.SamplingLimits(**SAMPLING)
        )
    )


def change(request: Request) -> Response:
    """Change the settings of analysis: a merge patch.

    Objects are merged, null takes away (RFC 7396). In force within seconds; nothing is restarted.
    `places` and `own_providers` are addresses that the deployment calls: they need the role admin. A `key` is kept
    sealed, for the address that it was given with: a change of the address needs the key again.
    """
    patch = json_object(raw(request))
    shapes.read(patch, AnalysisChange)
    for field in ("places", "own_providers"):
        if field in patch and not of(request).reaches(Role.ADMIN, own_tenant()):
            raise Forbidden(f"'{field}' needs the role {Role.ADMIN}: ask an administrator of the deployment")
    stored = analysis_config.load()
    settings = _sealed(analysis_config.merged(stored.settings, patch), stored.settings)
    _check_places({f"places.{name}": place for name, place in settings.endpoints.items()})
    _check_places({f"own_providers.{name}.address": one.address for name, one in settings.own_providers.items()})
    analysis_config.save(analysis_config.Stored(settings, stored.version))
    return answer(analysis_answers.ConfigurationAnswer(config=settings.fields(keys=False)))


def _sealed(settings: AnalysisSettings, before: AnalysisSettings) -> AnalysisSettings:
    """The settings with every new key sealed. Raises BadRequest for a key that would be read on its way."""
    own: dict[str, OwnProvider] = {}
    for name, one in settings.own_providers.items():
        known = before.own_providers.get(name)
        if one.key and (known is None or one.key != known.key):
            if one.address.startswith("http:") and not detection().places_private:
                raise BadRequest(f"'own_providers.{name}.address' must be https: a key goes along with each request")
            one = replace(one, key=seal(one.key, one.address, detection().provider_secret))
        elif one.key and known and one.address != known.address:
            raise BadRequest(f"'own_providers.{name}.key' must be given again, or be null: the address is another")
        own[name] = one
    return replace(settings, own_providers=own)


def _check_places(places: Mapping[str, str]) -> None:
    """Raises BadRequest for an address, by the name of its field, that `detect` would refuse too, each time."""
    if detection().places_private:
        return
    for field, place in places.items():
        if not place:
            continue
        try:
            public_hosts.check(place)
        except (BadRequest, Unavailable) as error:
            raise BadRequest(f"'{field}' must be public: {error} (placesPrivate allows others)") from None


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
