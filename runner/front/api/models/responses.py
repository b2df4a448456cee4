"""The bodies of answers. Handlers return them, and the OpenAPI document describes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, defstruct, field

from pipeline.domain.analysis import SAMPLING, Share
from pipeline.domain.model import Kind, StreamState
from pipeline.domain.people import Role, Visibility
from pipeline.domain.providers import PROVIDERS, ProviderState
from pipeline.reports.appearances import POINTS

Time = Annotated[str, Meta(extra_json_schema={"format": "date-time"})]
Count = Annotated[int, Meta(ge=0)]
Amount = Annotated[float, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]
MediaTime = Annotated[float, Meta(ge=0, description="media time")]
StoredStreamSettings = Annotated[
    Mapping[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/StoredStreamSettings"})
]
"""Settings of a stream as they are answered: generate.py describes them."""
StoredSettings = Annotated[Mapping[str, Any], Meta(extra_json_schema={"$ref": "#/components/schemas/StoredSettings"})]
"""Settings of the deployment as they are answered."""
Next = Annotated[str | None, Meta(description="`after` of the next page")]


class Body(Struct, forbid_unknown_fields=True, kw_only=True):
    """Base of all answers: each field is named, and there is no other."""


class Problem(Body):
    """An error (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Status(Body):
    """An answer of health."""

    status: Literal["ok"]


class More(Body):
    """A request that is to be sent again."""

    detail: str


class Stream(Body):
    """A stream."""

    id: str
    name: str
    state: StreamState
    source: str | None
    session: str | None
    settings: StoredStreamSettings
    last_segment_at: Time | None
    error: str | None
    created: Time | None
    tenant: str
    visibility: Visibility
    viewers: Annotated[list[str], Meta(description="members who may see it besides")]
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]


class StreamAnswer(Body):
    """One stream."""

    stream: Stream


class StreamPage(Body):
    """Streams, in order of their ids."""

    streams: list[Stream]
    next: Next


class CreatedStream(StreamAnswer):
    """A new stream and its key."""

    key: str
    ingest_url: Annotated[str, Meta(description="where its video is sent")] | UnsetType = UNSET


class Grant(Body):
    """A grant of a stream's media."""

    url: Annotated[str, Meta(description="base of the addresses, relative to this API's origin")]
    expires: Time


class GrantAnswer(Body):
    """One grant."""

    grant: Grant


class PublishAnswer(Body):
    """A token to publish with."""

    token: Annotated[str, Meta(description="in the place of the stream's key")]
    expires: Time


class Person(Body):
    """A member, as the page greets one."""

    id: str
    email: str
    name: str
    tenant: str
    role: Role


class SignedIn(Body):
    """A session of the page."""

    token: Annotated[str, Meta(description="for signInWithCustomToken, once, within ten minutes")]
    member: Person


class Member(Person):
    """A member of a tenant."""

    created: Time | None
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]
    last_seen: Time | None


class MemberAnswer(Body):
    """One member."""

    member: Member


class MemberPage(Body):
    """Members of a tenant, in order of their ids."""

    members: list[Member]
    next: Next


class ShareLink(Body):
    """A link to a stream."""

    id: Annotated[str, Meta(description="the hash of its secret")]
    stream: str
    until: Time
    reports: Annotated[bool, Meta(description="whether it opens the stream's reports")]
    label: str
    created: Time
    created_by: Annotated[str | None, Meta(description="a member; null: made with the admin key")]
    revoked: bool


class CreatedShare(Body):
    """A new link; the page's address with `#share=` and the secret opens it."""

    share: ShareLink
    secret: str


class ShareList(Body):
    """The links of a stream, the newest first."""

    shares: list[ShareLink]


class RedeemedShare(Body):
    """What the secret of a link opens."""

    token: Annotated[str, Meta(description="for signInWithCustomToken, once, within ten minutes")]
    id: str
    stream: str
    until: Time
    reports: bool


class Publisher(Body):
    """The publisher that held a stream."""

    holder: str
    session: str | None
    since: Time


class StopAnswer(Body):
    """The publisher that is disconnected."""

    stopped: Publisher | None


class Key(Body):
    """A stream's new key."""

    key: str
    expires: Annotated[Time | None, Meta(description="null: it does not")]
    previous_until: Annotated[Time | None, Meta(description="until when the key before is good too")]
    stopped: Annotated[Publisher | None, Meta(description="the publisher that is disconnected, if that was asked for")]


class QuotaLimits(Body):
    """The limits of a tenant."""

    media_hours_day: Amount
    media_bytes_day: Count
    stored_bytes: Count
    upload_bytes_day: Count
    imports_at_once: Count
    frames_day: Count
    usd_day: Amount


class QuotaUse(Body):
    """What is used of them."""

    media_seconds_today: Seconds
    media_bytes_today: Count
    stored_bytes: Annotated[Count, Meta(description="of media that are kept now")]
    upload_bytes_today: Count
    imports_now: Count
    frames_today: Annotated[Count, Meta(description="that paid providers saw")]
    usd_today: Amount


class QuotaAnswer(Body):
    """The quotas of a tenant."""

    tenant: str
    limits: QuotaLimits
    used: QuotaUse
    day_ends: Annotated[Time, Meta(description="when what is counted by the day begins at 0")]


class StreamQuotaLimits(Body):
    """The limits of a stream."""

    media_hours_day: Amount
    frames_day: Count
    usd_day: Amount


class StreamQuotaUse(Body):
    """What is used of them."""

    media_seconds_today: Seconds
    frames_today: Annotated[Count, Meta(description="that paid providers saw")]
    usd_today: Amount


class Forecast(Body):
    """What the day will cost at the present pace."""

    usd_per_hour: Annotated[float, Meta(ge=0, description="the present pace")]
    usd_day: Annotated[float, Meta(ge=0, description="the whole day's, if there were no budget")]
    budget_at: Annotated[
        str | None,
        Meta(description="when the budget is reached; null: not today", extra_json_schema={"format": "date-time"}),
    ]


class StreamQuotaAnswer(Body):
    """The quotas of a stream."""

    stream: str
    tenant: str
    limits: StreamQuotaLimits
    used: StreamQuotaUse
    warned_from: Annotated[float, Meta(description="share of a limit from which on the page warns")]
    reached: Annotated[list[str], Meta(description="what is used up, of the stream or of its tenant, in words")]
    forecast: Annotated[Forecast | None, Meta(description="null: the stream is not on air")]
    day_ends: Annotated[Time, Meta(description="when what is counted by the day begins at 0")]


class AuditEntry(Body):
    """A change, or what asked for one."""

    id: str
    at: Time
    kind: Annotated[str, Meta(description="how the caller was known")]
    who: Annotated[str | None, Meta(description="the caller's id; null: the admin key")]
    action: Annotated[str, Meta(examples=["streams.rotate_key"])]
    target: Annotated[str, Meta(description="path of what was changed")]
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    address: Annotated[str, Meta(description="the caller's")]
    request: Annotated[str | None, Meta(description="id of the request's trace")]


class AuditPage(Body):
    """Changes, the newest first."""

    entries: list[AuditEntry]
    next: Next


class KeyUse(Body):
    """A stream's key, without it."""

    created: Annotated[Time | None, Meta(description="null: by an earlier release")]
    expires: Annotated[Time | None, Meta(description="null: it does not")]
    previous_until: Annotated[Time | None, Meta(description="until when the key before is good too")]
    last_used: Annotated[Time | None, Meta(description="noted once a minute at most")]
    last_used_from: Annotated[str | None, Meta(description="the sender's address")]


class KeyUseAnswer(Body):
    """What is known of a key."""

    key: KeyUse


class Session(Body):
    """A session of a stream."""

    id: str
    started: Time | None
    ended: Time | None
    playlist: Annotated[str | None, Meta(description="object of the media bucket")]
    vod: str | None
    codecs: str | None
    width: int | None
    height: int | None
    fps: float | None
    segments: int | None
    media_seconds: float | None
    repaired: int | None
    dropped: int | None
    error: str | None


class SessionAnswer(Body):
    """One session."""

    session: Session


class SessionPage(Body):
    """Sessions, the newest first."""

    sessions: list[Session]
    next: Next


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


class Upload(Body):
    """The request that begins a resumable upload; with a fingerprint, the address of one that has begun."""

    object: str
    size: int
    method: str
    url: str
    headers: Mapping[str, str]
    expires: Time
    session: str | None = None


class UploadAnswer(Body):
    """One upload."""

    upload: Upload


class Stored(Body):
    """The object that an announced segment became; null: a session was ended."""

    object: str | None


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
    kinds: list[Kind]
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


class ScreenShare(Body):
    """A share of the screen."""

    mean: Share
    max: Share


class WeightedShare(ScreenShare):
    """A share of the screen, also weighted with time."""

    seconds: Annotated[
        Seconds, Meta(description="seconds weighted with the share: those of a label that filled the screen")
    ]


class ExposedLabel(Body):
    """One label of a report."""

    label: str
    seconds: Annotated[Seconds, Meta(description="on the screen, however many at a time")]
    share_of_time: Annotated[Share, Meta(description="of `analysed_seconds`")]
    appearances: Count
    continued: Annotated[Count, Meta(description="of the appearances, those that were on when the range began")]
    first: MediaTime
    last: MediaTime
    first_at: Time | None
    last_at: Time | None
    share: WeightedShare
    confidence: Share


class Exposure(Body):
    """How long, and how large, each label was on the screen."""

    kind: Kind
    media_seconds: float | None
    ended: Time | None
    analysed_seconds: Annotated[Seconds, Meta(description="for how long anything is known")]
    until: Annotated[Seconds, Meta(description="media time up to which it is")]
    left_out: Annotated[Count, Meta(description="appearances of labels beyond the 5000 that one report holds")]
    labels: Annotated[list[ExposedLabel], Meta(description="those longest on the screen first")]


class ExposureAnswer(Body):
    """One report."""

    exposure: Exposure


class TrackPoint(Body):
    """A place of an appearance at a time."""

    time: MediaTime
    box: Box


class Appearance(Body):
    """An appearance of a label, from the frame on which it came to the one on which it had gone."""

    id: str
    label: str
    start: MediaTime = field(name="from")
    end: MediaTime = field(name="to")
    seconds: Annotated[Seconds, Meta(description="known to be there")]
    looks: Annotated[int, Meta(ge=1)]
    confidence: Annotated[Share, Meta(description="the highest")]
    share: ScreenShare
    track: Annotated[
        list[TrackPoint],
        Meta(max_length=POINTS, description="where it was; empty where a label is for the whole frame"),
    ]


class AppearancePage(Body):
    """Appearances, in order of their beginning."""

    appearances: list[Appearance]
    next: Next


class BillLine(Body):
    """One item of a bill."""

    item: str
    quantity: Annotated[float, Meta(ge=0, description="in `unit`")]
    unit: str
    usd: float


Bill = Annotated[list[BillLine], Meta(description="the dearest first")]


class Calls(Body):
    """Calls of one provider for one kind."""

    provider: str
    kind: Kind
    calls: Count
    failed: Count


class Usage(Body):
    """What a session has used."""

    media_seconds: float
    segments: Count
    frames: Count
    calls: list[Calls]
    busy_seconds: Annotated[Mapping[str, float], Meta(description="by provider")]
    gpu_seconds: Annotated[Seconds, Meta(description="from the first answer of `clip` to the last")]
    speech_seconds: Annotated[Seconds, Meta(description="of sound, as Speech-to-Text bills them")]


class FixedRate(Body):
    """The cost, had a fixed number of frames of each second been analysed."""

    frames_per_second: float
    frames: Count
    usd_per_hour: float | None
    usd: float
    lines: Bill


class Cost(Body):
    """What a session has used, and what that costs."""

    ended: Time | None
    currency: str
    as_of: Annotated[str, Meta(description="of the price list", extra_json_schema={"format": "date"})]
    region: str
    usage: Usage
    usd: float
    lines: Bill
    usd_per_hour: float | None
    fixed: FixedRate


class CostAnswer(Body):
    """The cost of one session."""

    cost: Cost
