"""The bodies of answers about streams, their sessions, keys and uploads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from pipeline.domain.model import StreamState
from pipeline.domain.people import Visibility

from .body import Body, Next, StoredStreamSettings, Time


class Addresses(Body):
    """Where a stream's video is sent to, each with the stream's key; null: this deployment has no such way in."""

    http: Annotated[str | None, Meta(description="the body of one POST")]
    websocket: str | None
    hls: Annotated[str | None, Meta(description="the playlist that an encoder PUTs")]
    rtmp: Annotated[str | None, Meta(description="the server; its stream key is STREAM?key=KEY")]


class Playlists(Body):
    """Playlists of the session that is on, or was last, relative to the `url` of a grant of the stream's media."""

    live: Annotated[str, Meta(description="the last seconds")]
    recording: Annotated[str, Meta(description="the whole session, once it has ended")]


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
    addresses: Addresses
    playlists: Playlists | None


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
