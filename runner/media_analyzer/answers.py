"""The shapes of answers, as the API's document has them.

Made of openapi.json by `make docs`: 2d19e10d70cb6b2c2b08b5128886b5c9a40d48d7d766921fdc7399bc0569d9ad
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict

JSON = Mapping[str, Any]
ChannelKind = Literal["slack", "teams", "webhook"]
ClipState = Literal["done", "error", "running", "waiting"]
Code = Literal[
    "bad-request",
    "broke-off",
    "busy",
    "conflict",
    "forbidden",
    "internal",
    "lease-lost",
    "limit-reached",
    "no-provider",
    "not-found",
    "over-budget",
    "over-quota",
    "poison",
    "quota-exceeded",
    "resting",
    "stale",
    "stopped",
    "too-large",
    "unauthorized",
    "unavailable",
    "unsupported-media",
    "used-up",
]
Cut = Literal["exact", "keyframes"]
DeliveryState = Literal["delivered", "failed", "pending", "retrying"]
Kind = Literal["face", "label", "logo", "object", "safe_search", "text"]
ProviderState = Literal["failing", "ok", "open", "probing"]
Role = Literal["admin", "operator", "publisher", "viewer"]
StreamState = Literal["connecting", "ended", "error", "idle", "live", "reconnecting"]
Visibility = Literal["private", "public", "tenant"]


class Absent(TypedDict):
    """Fires once for each time that the label stays away for `seconds`, counted from the session's start too.

    Time for which no result is known does not count: the label may have been there."""

    kind: Literal["absent"]
    seconds: float
    label: str
    of: NotRequired[Kind]
    confidence: NotRequired[float]


class Addresses(TypedDict):
    """Where a stream's video is sent to, each with the stream's key; null: this deployment has no such way in."""

    http: str | None
    websocket: str | None
    hls: str | None
    rtmp: str | None


class Alert(TypedDict):
    """What a rule fired for."""

    id: str
    rule: str
    rule_name: str
    kind: str
    stream: str
    session: str
    at: str
    media_time: float
    text: str
    facts: JSON
    snapshot: str | None
    created: str
    kept: bool
    deliveries: Sequence[Delivery]


class AlertAnswer(TypedDict):
    """An alert."""

    alert: Alert


class AlertPage(TypedDict):
    """A page of alerts, the newest first."""

    alerts: Sequence[Alert]
    next: str | None


class AnalysisError(TypedDict):
    """Why a frame was not analysed."""

    code: Code
    message: str


Appearance = TypedDict(
    "Appearance",
    {
        "id": "str",
        "label": "str",
        "from": "float",
        "to": "float",
        "seconds": "float",
        "looks": "int",
        "confidence": "float",
        "share": "ScreenShare",
        "track": "Sequence[TrackPoint]",
    },
)
"""An appearance of a label, from the frame on which it came to the one on which it had gone."""


class AppearancePage(TypedDict):
    """Appearances, in order of their beginning."""

    appearances: Sequence[Appearance]
    next: str | None


class Appears(TypedDict):
    """Fires when the label is on the screen, and was not for the 5 s before."""

    kind: Literal["appears"]
    label: str
    of: NotRequired[Kind]
    confidence: NotRequired[float]


Asked = TypedDict(
    "Asked",
    {
        "from": "float | None",
        "to": "float | None",
        "appearance": "str | None",
        "label": "str | None",
        "at": "float | None",
        "kind": "Kind",
        "before": "float",
        "after": "float",
        "boxes": "bool",
        "cut": "Cut",
    },
)
"""What was asked for."""


class AudienceFigure(TypedDict):
    """How many people saw it, by the curve that came with the request."""

    impressions: float
    viewer_seconds: float


class AuditEntry(TypedDict):
    """A change, or what asked for one."""

    id: str
    at: str
    kind: str
    who: str | None
    action: str
    target: str
    before: JSON | None
    after: JSON | None
    address: str
    request: str | None


class AuditPage(TypedDict):
    """Changes, the newest first."""

    entries: Sequence[AuditEntry]
    next: str | None


class Beside(TypedDict):
    """Fires when the label is on the screen together with one of `others`, and was not for the 5 s before."""

    kind: Literal["beside"]
    others: Sequence[str]
    label: str
    of: NotRequired[Kind]
    confidence: NotRequired[float]


class BillLine(TypedDict):
    """One item of a bill."""

    item: str
    quantity: float
    unit: str
    usd: float


class Box(TypedDict):
    """A rectangle in 0..1 of the frame."""

    x: float
    y: float
    width: float
    height: float


class Brand(TypedDict):
    """A brand."""

    id: str
    name: str
    aliases: Sequence[str]
    prompts: Sequence[str]
    references: Sequence[str]
    threshold: float | None
    enabled: bool


class BrandAnswer(TypedDict):
    """One brand."""

    brand: Brand


class BrandPage(TypedDict):
    """Brands, in order of their ids."""

    brands: Sequence[Brand]
    next: str | None


class Calls(TypedDict):
    """Calls of one provider for one kind."""

    provider: str
    kind: Kind
    calls: int
    failed: int


class Channel(TypedDict):
    """Where alerts go."""

    id: str
    name: str
    kind: ChannelKind
    shown: str


class ChannelList(TypedDict):
    """All channels of the tenant."""

    channels: Sequence[Channel]


class Chapter(TypedDict):
    """A part of a clip, from `start` to `end` (s of the clip)."""

    start: float
    end: float
    media_time: float
    title: str


class Clip(TypedDict):
    """A clip."""

    id: str
    session: str
    asked: Asked
    state: ClipState
    share: float
    object: str | None
    size: int | None
    duration: float | None
    chapters: Sequence[Chapter]
    error: str | None
    created: str | None
    created_by: str | None


class ClipAnswer(TypedDict):
    """One clip."""

    clip: Clip


class ClipPage(TypedDict):
    """Clips, the newest first."""

    clips: Sequence[Clip]
    next: str | None


class Configuration(TypedDict):
    """What is set, what holds for the rest, and what can be set."""

    config: StoredSettings
    defaults: Defaults
    limits: SamplingLimits


class ConfigurationAnswer(TypedDict):
    """What is set."""

    config: StoredSettings


class CorrectionAnswer(TypedDict):
    """One correction."""

    correction: ReportedCorrection


class CorrectionList(TypedDict):
    """The corrections of a session, the earliest first."""

    corrections: Sequence[ReportedCorrection]


class Cost(TypedDict):
    """What a session has used, and what that costs."""

    ended: str | None
    currency: str
    as_of: str
    region: str
    usage: Usage
    usd: float
    lines: Sequence[BillLine]
    usd_per_hour: float | None
    fixed: FixedRate


class CostAnswer(TypedDict):
    """The cost of one session."""

    cost: Cost


class CreatedChannel(TypedDict):
    """A channel and its secret."""

    channel: Channel
    secret: str | None


class CreatedShare(TypedDict):
    """A new link; the page's address with `#share=` and the secret opens it."""

    share: ShareLink
    secret: str


class CreatedStream(TypedDict):
    """A new stream and its key."""

    stream: Stream
    key: str
    ingest_url: NotRequired[str]


class DeadLetter(TypedDict):
    """An event that no function could handle."""

    id: str
    topic: str
    object: str
    error: str | None
    reason: str | None
    attempts: int | None
    died_at: str
    retries: int
    retried_at: str | None


class DeadLetterAnswer(TypedDict):
    """One dead letter."""

    dead_letter: DeadLetter


class DeadLetterPage(TypedDict):
    """Dead letters, those given up on last first."""

    dead_letters: Sequence[DeadLetter]
    more: bool


class DefaultProviders(TypedDict):
    """Providers for each kind; none: no provider looks for that kind."""

    logo: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]
    text: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]
    object: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]
    label: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]
    face: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]
    safe_search: Sequence[Literal["clip", "gallery", "local", "owl", "vision"]]


class DefaultSampling(TypedDict):
    """Intervals in seconds."""

    looks_per_second: float
    minimum_interval: float
    maximum_interval: float
    follow_interval: float
    change: float
    calls_per_hour: float


class DefaultSpeech(TypedDict):
    """Whether sound is transcribed, and in which languages (BCP 47)."""

    enabled: bool
    languages: Sequence[str]


class DefaultThreshold(TypedDict):
    """The least confidence of each kind."""

    logo: float
    text: float
    object: float
    label: float
    face: float
    safe_search: float


class Defaults(TypedDict):
    """The deployment's own settings, for what is not set."""

    kinds: Sequence[Kind]
    providers: DefaultProviders
    threshold: DefaultThreshold
    brands: Sequence[str]
    sampling: DefaultSampling
    speech: DefaultSpeech


class Degraded(TypedDict):
    """Fires when the stream has broken off `breaks` times within a minute: its sender came back, or pictures lack."""

    kind: Literal["degraded"]
    breaks: NotRequired[int]


class Delivery(TypedDict):
    """An alert on its way to a channel."""

    channel: str
    state: DeliveryState
    attempts: int
    status: int | None
    error: str | None
    updated: str | None


class Detection(TypedDict):
    """One thing that a provider found."""

    label: str
    confidence: float
    kind: Kind
    box: Box | None


class DetectionPage(TypedDict):
    """Detections, in order of media time."""

    detections: Sequence[FoundDetection]
    next: str | None


class Disappears(TypedDict):
    """Fires when the label was on the screen, and has not been for 5 s since."""

    kind: Literal["disappears"]
    label: str
    of: NotRequired[Kind]
    confidence: NotRequired[float]


class Evidence(TypedDict):
    """A frame that was kept with a report."""

    label: str
    session: int
    time: float
    name: str


EvidenceRange = TypedDict("EvidenceRange", {"session": "int", "from": "float", "to": "float"})
"""A range of a session's media time that a figure is taken from."""


class ExposedLabel(TypedDict):
    """One label of a report."""

    label: str
    seconds: float
    share_of_time: float
    appearances: int
    continued: int
    first: float
    last: float
    first_at: str | None
    last_at: str | None
    share: WeightedShare
    confidence: float


class Exposure(TypedDict):
    """How long, and how large, each label was on the screen."""

    kind: Kind
    media_seconds: float | None
    ended: str | None
    analysed_seconds: float
    until: float
    left_out: int
    labels: Sequence[ExposedLabel]


class ExposureAnswer(TypedDict):
    """One report."""

    exposure: Exposure


class FixedRate(TypedDict):
    """The cost, had a fixed number of frames of each second been analysed."""

    frames_per_second: float
    frames: int
    usd_per_hour: float | None
    usd: float
    lines: Sequence[BillLine]


FollowedTrack = TypedDict(
    "FollowedTrack",
    {"id": "str", "kind": "Kind", "label": "str", "from": "float", "to": "float", "track": "Sequence[TrackPoint]"},
)
"""Where a box was between two frames that were looked at."""


class Forecast(TypedDict):
    """What the day will cost at the present pace."""

    usd_per_hour: float
    usd_day: float
    budget_at: str | None


class Formulas(TypedDict):
    """How figures are made."""

    viewable: str
    quality: str
    audience: str
    value: str | None


class FoundDetection(TypedDict):
    """A detection, and the frame that it is on."""

    id: str
    time: float
    label: str
    confidence: float
    kind: Kind
    box: Box | None
    corners: Sequence[float] | None
    provider: str


class FoundOnFrame(TypedDict):
    """One thing that is on a frame."""

    label: str
    confidence: float
    box: Box | None
    corners: Sequence[float] | None


class Frame(TypedDict):
    """A frame that was looked at."""

    id: str
    time: float
    program_date_time: str
    segment: int
    reason: str
    width: int
    height: int
    analyses: Mapping[str, FrameAnalysis]


class FrameAnalysis(TypedDict):
    """What one provider has found on a frame."""

    provider: str
    model: str
    took_ms: int
    threshold: float | None
    error: AnalysisError | None
    detections: Sequence[FoundOnFrame]


class FramePage(TypedDict):
    """Frames, in order of media time."""

    frames: Sequence[Frame]
    next: str | None


class FramePreview(TypedDict):
    """The logos on a frame, surest first."""

    provider: str
    model: str
    took_ms: int
    fallback_from: str | None
    threshold: float
    detections: Sequence[Detection]


class FrozenEntry(TypedDict):
    """A frozen report in a list."""

    id: str
    name: str
    signed_by: str
    by: str | None
    at: str
    labels: Sequence[str]
    sessions: Sequence[FrozenSession]


class FrozenId(TypedDict):
    """A report that is frozen."""

    id: str


class FrozenList(TypedDict):
    """Frozen reports, the newest first."""

    reports: Sequence[FrozenEntry]


class FrozenReport(TypedDict):
    """A frozen report, as it was signed."""

    id: str
    name: str
    signed_by: str
    by: str | None
    at: str
    tenant: str
    report: Sponsorship
    evidence: Sequence[Evidence]


class FrozenSession(TypedDict):
    """A session of a frozen report."""

    stream: str
    session: str


class Grant(TypedDict):
    """A grant of a stream's media."""

    url: str
    expires: str


class GrantAnswer(TypedDict):
    """One grant."""

    grant: Grant


class Key(TypedDict):
    """A stream's new key."""

    key: str
    expires: str | None
    previous_until: str | None
    stopped: Publisher | None


class KeyUse(TypedDict):
    """A stream's key, without it."""

    created: str | None
    expires: str | None
    previous_until: str | None
    last_used: str | None
    last_used_from: str | None


class KeyUseAnswer(TypedDict):
    """What is known of a key."""

    key: KeyUse


class Member(TypedDict):
    """A member of a tenant."""

    id: str
    email: str
    name: str
    tenant: str
    role: Role
    created: str | None
    created_by: str | None
    last_seen: str | None


class MemberAnswer(TypedDict):
    """One member."""

    member: Member


class MemberPage(TypedDict):
    """Members of a tenant, in order of their ids."""

    members: Sequence[Member]
    next: str | None


class Mention(TypedDict):
    """When a brand was mentioned."""

    session: int
    time: float


class MentionsFigure(TypedDict):
    """How often, and when."""

    count: int
    at: Sequence[Mention]


class More(TypedDict):
    """A request that is to be sent again."""

    detail: str


class Pace(TypedDict):
    """Fires at the end of each `minutes` of the session in which the label was on the screen for less than `seconds`.

        It counts where it covers at least `share` of the screen, all its places together. Time for which nothing is
    known makes a span shorter, and the seconds that it takes in proportion."""

    kind: Literal["pace"]
    seconds: NotRequired[float]
    minutes: NotRequired[float]
    share: NotRequired[float]
    label: str
    of: NotRequired[Kind]
    confidence: NotRequired[float]


class PastAnswer(TypedDict):
    """What a rule would have fired for in the past."""

    fired: Sequence[PastFiring]
    seconds: float
    sessions: int
    more: bool


class PastFiring(TypedDict):
    """What a rule would have fired for."""

    stream: str
    session: str
    at: str
    media_time: float
    text: str
    snapshot: str | None


class Person(TypedDict):
    """A member, as the page greets one."""

    id: str
    email: str
    name: str
    tenant: str
    role: Role


class PlacementFigure(TypedDict):
    """A time in a zone."""

    seconds: float
    ranges: Sequence[EvidenceRange]
    cut: bool
    screen_seconds: float


class Playlists(TypedDict):
    """Playlists of the session that is on, or was last, relative to the `url` of a grant of the stream's media."""

    live: str
    recording: str


class PreviewAnswer(TypedDict):
    """What was seen on a frame."""

    preview: FramePreview


class Provider(TypedDict):
    """A provider of detections, with the status that its last caller observed."""

    name: str
    type: str
    own: bool
    kinds: Sequence[Kind]
    has_key: bool
    place: str | None
    state: ProviderState | None
    model: str | None
    device: str | None
    queue: int | None
    last_error: str | None
    last_error_at: str | None
    updated: str | None


class ProviderAnswer(TypedDict):
    """One provider."""

    provider: Provider


class ProviderList(TypedDict):
    """All providers."""

    providers: Sequence[Provider]


class PublishAnswer(TypedDict):
    """A token to publish with."""

    token: str
    expires: str


class Publisher(TypedDict):
    """The publisher that held a stream."""

    holder: str
    session: str | None
    since: str


class QualityFigure(TypedDict):
    """An index, 0..100, and what it is made of."""

    index: float | None
    factors: Mapping[str, float | None]


class QuotaAnswer(TypedDict):
    """The quotas of a tenant."""

    tenant: str
    limits: QuotaLimits
    used: QuotaUse
    day_ends: str


class QuotaLimits(TypedDict):
    """The limits of a tenant."""

    media_hours_day: float
    media_bytes_day: int
    stored_bytes: int
    upload_bytes_day: int
    imports_at_once: int
    frames_day: int
    usd_day: float


class QuotaUse(TypedDict):
    """What is used of them."""

    media_seconds_today: float
    media_bytes_today: int
    stored_bytes: int
    upload_bytes_today: int
    imports_now: int
    frames_today: int
    usd_today: float


class Reanalysis(TypedDict):
    """A request to look again, and how far it has come."""

    id: str
    frames: int
    segments: int
    next: float | None


class ReanalysisAnswer(TypedDict):
    """What was announced again."""

    analysis: Reanalysis


class RedeemedShare(TypedDict):
    """What the secret of a link opens."""

    token: str
    id: str
    stream: str
    until: str
    reports: bool


class ReferenceAnswer(TypedDict):
    """A picture that was added to a brand."""

    brand: Brand
    reference: str


ReportedCorrection = TypedDict(
    "ReportedCorrection",
    {
        "id": "str",
        "kind": "Kind",
        "action": 'Literal["confirm", "draw", "reject", "rename"]',
        "appearance": "str | None",
        "was": "str | None",
        "label": "str | None",
        "every": "bool",
        "from": "float | None",
        "to": "float | None",
        "box": "Box | None",
        "by": "str | None",
        "at": "str | None",
    },
)
"""What a person said of an appearance, or of all of a label; or one that they have drawn."""


class ReportedRates(TypedDict):
    """The rates that came with the request."""

    currency: str
    per_thousand: float | None
    per_30_seconds: float | None
    weighted: bool


class ReportedSession(TypedDict):
    """A session that a report is of."""

    stream: str
    session: str
    started: str | None
    analysed_seconds: float
    until: float
    zones: Sequence[ReportedZone]
    corrections: Sequence[ReportedCorrection]


class ReportedZone(TypedDict):
    """A zone of the picture."""

    name: str
    property: str


class Retried(TypedDict):
    """The outcome of sending many dead letters again."""

    sent: int
    left: int


class Rule(TypedDict):
    """A rule."""

    id: str
    name: str
    what: JSON
    stream: str | None
    enabled: bool
    cooldown: float
    schedule: RuleSchedule | None
    channels: Sequence[str]
    revision: int
    since: str | None


class RuleAnswer(TypedDict):
    """A rule."""

    rule: Rule


class RuleList(TypedDict):
    """All rules of the tenant."""

    rules: Sequence[Rule]


RuleSchedule = TypedDict(
    "RuleSchedule", {"days": "Sequence[int]", "from": "str", "to": "str", "zone": "NotRequired[str]"}
)
"""When a rule holds."""


class SamplingLimits(TypedDict):
    """The least and the greatest value of each setting of sampling."""

    looks_per_second: Sequence[float]
    minimum_interval: Sequence[float]
    maximum_interval: Sequence[float]
    follow_interval: Sequence[float]
    change: Sequence[float]
    calls_per_hour: Sequence[float]


class ScreenShare(TypedDict):
    """A share of the screen."""

    mean: float
    max: float


class Session(TypedDict):
    """A session of a stream."""

    id: str
    started: str | None
    ended: str | None
    playlist: str | None
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


class SessionAnswer(TypedDict):
    """One session."""

    session: Session


class SessionPage(TypedDict):
    """Sessions, the newest first."""

    sessions: Sequence[Session]
    next: str | None


class ShareLink(TypedDict):
    """A link to a stream."""

    id: str
    stream: str
    until: str
    reports: bool
    label: str
    created: str
    created_by: str | None
    revoked: bool
    clip: str | None


class ShareList(TypedDict):
    """The links of a stream, the newest first."""

    shares: Sequence[ShareLink]


class SharedClip(TypedDict):
    """A link to a clip."""

    share: ShareLink
    url: str


class Shown(TypedDict):
    """Fires when a text that holds `words` is on the screen, and none was for the 5 s before. Case does not matter."""

    kind: Literal["shown"]
    words: str


class SignedIn(TypedDict):
    """A session of the page."""

    token: str
    member: Person


class SpokenSegment(TypedDict):
    """What was said in a segment."""

    segment: int
    language: str | None
    final: bool
    words: Sequence[SpokenWord]


class SpokenWord(TypedDict):
    """A word that was said."""

    text: str
    start: float
    end: float
    confidence: float | None
    speaker: str | None


class SponsoredLabel(TypedDict):
    """All measures of one label."""

    label: str
    on_screen: TimedFigure
    share_of_time: float
    share: WeightedShare
    appearances: int
    continued: int
    confidence: float
    bands: Mapping[str, TimedFigure]
    size: float | None
    fields: Mapping[str, TimedFigure]
    main_field: str | None
    position: float | None
    cut_off: TimedFigure
    visibility: float | None
    alone: TimedFigure
    beside: Mapping[str, TimedFigure]
    most_beside: int
    solus: float | None
    unbroken: UnbrokenFigure
    duration: float | None
    viewable: TimedFigure
    sharpness: float | None
    sharpness_seconds: float
    placements: Mapping[str, PlacementFigure]
    audience: AudienceFigure | None
    quality: QualityFigure
    voice: Voice
    spoken: MentionsFigure
    written: MentionsFigure
    value: float | None


class Sponsorship(TypedDict):
    """A sponsor's report."""

    kind: Kind
    brands: Sequence[str]
    sessions: Sequence[ReportedSession]
    analysed_seconds: float
    left_out: int
    labels: Sequence[SponsoredLabel]
    rates: ReportedRates | None
    formulas: Formulas


class SponsorshipAnswer(TypedDict):
    """One report."""

    report: Sponsorship


class Status(TypedDict):
    """An answer of health."""

    status: Literal["ok"]


class StopAnswer(TypedDict):
    """The publisher that is disconnected."""

    stopped: Publisher | None


class Stopped(TypedDict):
    """Fires when a session has ended, or has brought nothing, for `seconds`. Maintenance sees it, once a minute."""

    kind: Literal["stopped"]
    seconds: NotRequired[float]


class Stored(TypedDict):
    """The object that an announced segment became; null: a session was ended."""

    object: str | None


class StoredSettings(TypedDict):
    """StoredSettings"""

    kinds: Sequence[Kind]
    providers: JSON
    threshold: JSON
    brands: Sequence[str]
    sampling: JSON
    speech: JSON
    words: JSON
    places: JSON
    own_providers: Mapping[str, JSON]


class StoredStreamSettings(TypedDict):
    """StoredStreamSettings"""

    kinds: Sequence[Kind]
    providers: JSON
    threshold: JSON
    brands: Sequence[str]
    sampling: JSON
    speech: JSON
    words: JSON


class Stream(TypedDict):
    """A stream."""

    id: str
    name: str
    state: StreamState
    source: str | None
    session: str | None
    settings: StoredStreamSettings
    last_segment_at: str | None
    error: str | None
    created: str | None
    tenant: str
    visibility: Visibility
    viewers: Sequence[str]
    created_by: str | None
    addresses: Addresses
    playlists: Playlists | None


class StreamAnswer(TypedDict):
    """One stream."""

    stream: Stream


class StreamPage(TypedDict):
    """Streams, in order of their ids."""

    streams: Sequence[Stream]
    next: str | None


class StreamQuotaAnswer(TypedDict):
    """The quotas of a stream."""

    stream: str
    tenant: str
    limits: StreamQuotaLimits
    used: StreamQuotaUse
    warned_from: float
    reached: Sequence[str]
    forecast: Forecast | None
    day_ends: str


class StreamQuotaLimits(TypedDict):
    """The limits of a stream."""

    media_hours_day: float
    frames_day: int
    usd_day: float


class StreamQuotaUse(TypedDict):
    """What is used of them."""

    media_seconds_today: float
    frames_today: int
    usd_today: float


class TimedFigure(TypedDict):
    """A time, and where it is to be seen."""

    seconds: float
    ranges: Sequence[EvidenceRange]
    cut: bool


class TrackPage(TypedDict):
    """Tracks, in order of the frames that they lead on from."""

    tracks: Sequence[FollowedTrack]
    next: str | None


class TrackPoint(TypedDict):
    """A place of an appearance at a time."""

    time: float
    box: Box


class TranscriptPage(TypedDict):
    """A transcript, in order of media time."""

    segments: Sequence[SpokenSegment]
    next: str | None


class UnbrokenFigure(TypedDict):
    """How long a brand stayed at a time."""

    runs: int
    mean: float
    longest: TimedFigure


class Unsafe(TypedDict):
    """Fires when the picture is one of `labels` with at least `confidence`, and was none for the 5 s before."""

    kind: Literal["unsafe"]
    labels: Sequence[str]
    confidence: NotRequired[float]


class Upload(TypedDict):
    """The request that begins a resumable upload; with a fingerprint, the address of one that has begun."""

    object: str
    size: int
    method: str
    url: str
    headers: Mapping[str, str]
    expires: str
    session: NotRequired[str | None]


class UploadAnswer(TypedDict):
    """One upload."""

    upload: Upload


class Usage(TypedDict):
    """What a session has used."""

    media_seconds: float
    segments: int
    frames: int
    calls: Sequence[Calls]
    busy_seconds: Mapping[str, float]
    gpu_seconds: float
    speech_seconds: float


class Voice(TypedDict):
    """Share among the brands of the report."""

    seconds: float
    screen: float


class WeightedShare(TypedDict):
    """A share of the screen, also weighted with time."""

    mean: float
    max: float
    seconds: float


class Word(TypedDict):
    """Fires when the words are said, and were not for the 5 s before. Case and signs make no difference."""

    kind: Literal["word"]
    words: str
