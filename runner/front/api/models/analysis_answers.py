"""The bodies of answers about analysis: brands, configuration, providers, what is looked at again, dead letters."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, defstruct

from pipeline.domain.analysis import SAMPLING, Share
from pipeline.domain.model import Kind
from pipeline.domain.providers import PROVIDERS, ProviderState

from .body import Body, Count, Next, StoredSettings, Time


class Reanalysis(Body):
    """A request to look again, and how far it has come."""

    id: str
    frames: Count
    segments: Count
    next: Annotated[
        float | None, Meta(description="`from` of the next request, under the same id; null: all is announced")
    ]


class ReanalysisAnswer(Body):
    """What was announced again."""

    analysis: Reanalysis


class Box(Body):
    """A rectangle in 0..1 of the frame."""

    x: Share
    y: Share
    width: Share
    height: Share


class Detection(Body):
    """One thing that a provider found."""

    label: str
    confidence: Share
    kind: Kind
    box: Box | None


class FramePreview(Body):
    """The logos on a frame, surest first."""

    provider: str
    model: str
    took_ms: Count
    fallback_from: Annotated[str | None, Meta(description="the preferred provider, where another one looked instead")]
    threshold: Annotated[float, Meta(description="the stream's, where a brand has none of its own")]
    detections: Annotated[list[Detection], Meta(max_length=100)]


class PreviewAnswer(Body):
    """What was seen on a frame."""

    preview: FramePreview


class Brand(Body):
    """A brand."""

    id: str
    name: str
    aliases: Annotated[list[str], Meta(description="what else it is called")]
    prompts: Annotated[list[str], Meta(description="what CLIP compares pictures with")]
    references: Annotated[list[str], Meta(description="objects of the media bucket: pictures of its mark")]
    threshold: Share | None
    enabled: bool


class BrandAnswer(Body):
    """One brand."""

    brand: Brand


class BrandPage(Body):
    """Brands, in order of their ids."""

    brands: list[Brand]
    next: Next


class ReferenceAnswer(BrandAnswer):
    """A picture that was added to a brand."""

    reference: Annotated[str, Meta(description="the object that holds it")]


def _each(name: str, shape: Any, fields: Any) -> type[Struct]:
    """An object that has every one of `fields`, each of that shape."""
    listed = [(str(one), shape) for one in fields]
    return defstruct(name, listed, bases=(Body,), module=__name__, kw_only=True)


class DefaultProviders(_each("DefaultProviders", list[Literal[tuple(PROVIDERS)]], Kind)):
    """Providers for each kind; none: no provider looks for that kind."""


class DefaultThreshold(_each("DefaultThreshold", Share, Kind)):
    """The least confidence of each kind."""


class DefaultSampling(_each("DefaultSampling", float, SAMPLING)):
    """Intervals in seconds."""


class SamplingLimits(_each("SamplingLimits", tuple[float, float], SAMPLING)):
    """The least and the greatest value of each setting of sampling."""


class DefaultSpeech(Body):
    """Whether sound is transcribed, and in which languages (BCP 47)."""

    enabled: bool
    languages: list[str]


class Defaults(Body):
    """The deployment's own settings, for what is not set."""

    kinds: list[Kind]
    providers: DefaultProviders
    threshold: DefaultThreshold
    brands: Annotated[list[str], Meta(max_length=0)]
    sampling: DefaultSampling
    speech: DefaultSpeech


class ConfigurationAnswer(Body):
    """What is set."""

    config: StoredSettings


class Configuration(ConfigurationAnswer):
    """What is set, what holds for the rest, and what can be set."""

    defaults: Defaults
    limits: SamplingLimits


class Provider(Body):
    """A provider of detections, with the status that its last caller observed."""

    name: str
    type: Annotated[str, Meta(description="the same as its name, unless the configuration adds it")]
    own: Annotated[bool, Meta(description="the configuration adds it (`own_providers`)")]
    kinds: list[Kind]
    has_key: Annotated[bool, Meta(description="a key of its own is kept for it")]
    place: Annotated[str | None, Meta(description="where it runs, if elsewhere")]
    state: Annotated[
        ProviderState | None,
        Meta(description="open: left alone after failures; probing: tried again; null: never called"),
    ]
    model: str | None
    device: str | None
    queue: Annotated[int | None, Meta(description="requests that wait there")]
    last_error: str | None
    last_error_at: Time | None
    updated: Time | None


class ProviderAnswer(Body):
    """One provider."""

    provider: Provider


class ProviderList(Body):
    """All providers."""

    providers: list[Provider]


class DeadLetter(Body):
    """An event that no function could handle."""

    id: str
    topic: Annotated[str, Meta(description="of the event")]
    object: Annotated[str, Meta(description="that the event is about")]
    error: Annotated[str | None, Meta(description="of the tree in docs/operations.md")]
    reason: Annotated[
        str | None, Meta(description="why the last delivery was refused; null: its handler crashed or took too long")
    ]
    attempts: Annotated[int | None, Meta(description="deliveries since it was sent, or sent again")]
    died_at: Annotated[Time, Meta(description="when it was given up on")]
    retries: Annotated[Count, Meta(description="how often it was sent again")]
    retried_at: Time | None


class DeadLetterAnswer(Body):
    """One dead letter."""

    dead_letter: DeadLetter


class DeadLetterPage(Body):
    """Dead letters, those given up on last first."""

    dead_letters: list[DeadLetter]
    more: Annotated[bool, Meta(description="there are others")]


class Retried(Body):
    """The outcome of sending many dead letters again."""

    sent: Count
    left: Annotated[Count, Meta(description="how many more match, of the oldest 5,000: call again")]
