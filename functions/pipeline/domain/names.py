"""Names of objects in the media bucket, and paths of documents in Firestore: written and read in one place.

segments/{stream}/{session}/{seq:08d}.ts            a segment; finalising it is an event
playlists/{stream}/{session}/index.m3u8, vod.m3u8   live window, whole session; no event
frames/{stream}/{session}/{media_ms:010d}.jpg       a sampled frame; finalising it is an event
results/{stream}/{session}/{media_ms:010d}.json     the results of a frame; finalising it is an event
batch/segments/…, batch/frames/…, batch/results/…   the same where no one watches live: of imports, and results of a
                                                    reanalysis; events of topics of their own
uploads/{stream}/{name}                             a file to import, in a bucket of its own; finalising it is an event
brands/{brand}/{name}                               reference marks
config/analysis.json                                the settings of analysis; no event
sound/{stream}/{session}/{seq:08d}.pcm              the sound of a segment, until the session's transcript is final
staging/{stream}/{name}                             put by an HLS sender, not listed by its playlist yet; no event
clips/{stream}/{session}/{clip}.mp4, .jpg           what was cut from a session, kept beyond its media; no event
"""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from datetime import UTC, datetime

from .errors import BadRequest
from .model import FrameRef, SegmentRef

SEGMENTS = "segments/"
FRAMES = "frames/"
RESULTS = "results/"
BATCH = "batch/"
"""Before the names of what waits for live streams: imports, and results of a reanalysis."""
PLAYLISTS = "playlists/"
STAGING = "staging/"
SOUND = "sound/"
CLIPS = "clips/"
MAX_SESSION_SECONDS = 9_999_999
"""Seconds of a session, at most: as many milliseconds as a frame's name has digits for."""
BRANDS = "brands/"
UPLOADS = "uploads/"
CONFIG = "config/analysis"
"""The document of the analysis settings, closed to browsers: it names addresses."""
CONFIG_OBJECT = "config/analysis.json"
"""The same as an object of the media bucket, for workloads without a right to the database `control`."""
BRANDS_CHANGED = "changes/brands"
"""The document that notes when a brand changed last."""
CONTROL = ("keys", "leases", "pushes", "refusals", "config", "quotas", "upload_sessions")
"""The collections of the database `control`, which keeps entries of the audit about them, too."""

STREAM_ID = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
"""The pattern of a stream's id, and of a brand's."""
SESSION_ID = r"[A-Za-z0-9-]{1,64}"
"""The pattern of a session's id."""
CLIP_ID = r"[0-9a-f]{24}"
"""The pattern of a clip's id."""
AUDIT_ID = r"\d{8}T\d{12}Z-[0-9a-f]{8}"
"""The pattern of the id of an entry of the audit."""

_STREAM = re.compile(STREAM_ID)
_SESSION = re.compile(SESSION_ID)
_SEGMENT = re.compile(rf"(?:{BATCH})?segments/({_STREAM.pattern})/({_SESSION.pattern})/(\d{{8}})\.ts")
_FRAME = re.compile(rf"(?:{BATCH})?frames/({_STREAM.pattern})/({_SESSION.pattern})/(\d{{10}})\.jpg")
_RESULTS = re.compile(rf"(?:{BATCH})?results/({_STREAM.pattern})/({_SESSION.pattern})/(\d{{10}})\.json")
_SOUND = re.compile(rf"sound/({_STREAM.pattern})/({_SESSION.pattern})/(\d{{8}})\.pcm")
_LETTER = re.compile(r"[A-Za-z][\w.~+%-]{2,254}-[0-9a-f]{24}")
_UPLOAD = re.compile(rf"uploads/({_STREAM.pattern})/([^\r\n]+)")
_IMPORT = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{12}")
_UNSAFE = re.compile(r"[^\w.()+ -]+")
EMAIL = r"[^@\s\x00-\x1f<>\"(),:;\[\]\\]{1,64}@(?:[\w-]{1,63}\.)*[\w-]{1,63}"
MEMBER_ID = r"m[0-9a-f]{24}"
_EMAIL = re.compile(EMAIL)
_MAX_EMAIL = 254  # characters
_MEMBER = re.compile(MEMBER_ID)
_CLIP = re.compile(CLIP_ID)
_SHARE = re.compile(r"[0-9a-f]{64}")
REPORT_ID = r"[0-9a-f]{64}"
"""The pattern of the id of a frozen report."""
CORRECTION_ID = r"[0-9a-f]{24}"
"""The pattern of the id of a correction."""
EVIDENCE = r"[0-9]{3}-[0-9]{10}\.jpg"
"""The pattern of the name of a frame that is kept with a frozen report."""


def _checked(kind: str, id: str) -> str:
    """An id of the form that streams, brands and tenants share. Raises BadRequest."""
    if not _STREAM.fullmatch(id):
        raise BadRequest(
            f"invalid {kind} id {id[:80]!r}: expected 1 to 63 of a-z, 0-9 and '-', a letter or digit at both ends"
        )
    return id


def check_stream(stream: str) -> str:
    """Returns a valid stream id. Raises BadRequest."""
    return _checked("stream", stream)


def check_session(session: str) -> str:
    """Returns a valid session id. Raises BadRequest."""
    if not _SESSION.fullmatch(session):
        raise BadRequest(f"invalid session id {session[:80]!r}: expected 1 to 64 letters, digits and '-'")
    return session


def new_session(now: datetime) -> str:
    """A session id that sorts by time: 20260131T235959Z-1a2b3c. `now` is aware."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _batch(session: str) -> str:
    return BATCH if is_import(session) else ""


def segment_object(ref: SegmentRef) -> str:
    """segments/{stream}/{session}/{seq:08d}.ts, or the same under batch/"""
    return f"{_batch(ref.session)}{SEGMENTS}{ref.stream}/{ref.session}/{ref.sequence:08d}.ts"


def parse_segment(name: str) -> SegmentRef:
    """The inverse of `segment_object`. Raises BadRequest."""
    found = _SEGMENT.fullmatch(name)
    if not found:
        raise BadRequest(f"invalid name of a segment {name!r}: expected segments/STREAM/SESSION/00000000.ts")
    return SegmentRef(found[1], found[2], int(found[3]))


def sound_object(ref: SegmentRef) -> str:
    """sound/{stream}/{session}/{seq:08d}.pcm"""
    return f"{SOUND}{ref.stream}/{ref.session}/{ref.sequence:08d}.pcm"


def parse_sound(name: str) -> SegmentRef | None:
    """The inverse of `sound_object`; None for other objects under `sound/`."""
    found = _SOUND.fullmatch(name)
    return SegmentRef(found[1], found[2], int(found[3])) if found else None


def frame_object(ref: FrameRef) -> str:
    """frames/{stream}/{session}/{media_ms:010d}.jpg, or the same under batch/"""
    return f"{_batch(ref.session)}{FRAMES}{ref.stream}/{ref.session}/{ref.media_ms:010d}.jpg"


def parse_frame(name: str) -> FrameRef:
    """The inverse of `frame_object`. Raises BadRequest."""
    found = _FRAME.fullmatch(name)
    if not found:
        raise BadRequest(f"invalid name of a frame {name!r}: expected frames/STREAM/SESSION/0000000000.jpg")
    return FrameRef(found[1], found[2], int(found[3]))


def results_object(ref: FrameRef, *, batch: bool = False) -> str:
    """results/{stream}/{session}/{media_ms:010d}.json, or the same under batch/: of an import, or as told."""
    return f"{BATCH if batch else _batch(ref.session)}{RESULTS}{ref.stream}/{ref.session}/{ref.media_ms:010d}.json"


def parse_results(name: str) -> FrameRef:
    """The inverse of `results_object`. Raises BadRequest."""
    found = _RESULTS.fullmatch(name)
    if not found:
        raise BadRequest(f"invalid name of results {name!r}: expected results/STREAM/SESSION/0000000000.json")
    return FrameRef(found[1], found[2], int(found[3]))


def upload_object(stream: str, name: str, now: datetime) -> str:
    """uploads/{stream}/{time}-{random}/{name}: a new object for a file that its sender calls `name`."""
    readable = _UNSAFE.sub("_", name.rpartition("/")[2]).strip(" .")[-100:]
    return f"{UPLOADS}{stream}/{new_session(now)}/{readable or 'file'}"


def parse_upload(name: str) -> tuple[str, str]:
    """Stream and file name of an uploaded object. Raises BadRequest."""
    found = _UPLOAD.fullmatch(name)
    if not found:
        raise BadRequest(f"invalid name of an upload {name!r}: expected uploads/STREAM/NAME")
    return found[1], found[2].rpartition("/")[2]


def import_session(name: str, generation: int) -> str:
    """The id of the session that a generation of an uploaded object becomes. It sorts by the time of the upload."""
    uploaded = datetime.fromtimestamp(generation // 1_000_000, UTC)  # generations are microseconds
    return f"{uploaded:%Y%m%dT%H%M%SZ}-{hashlib.sha256(f'{name}#{generation}'.encode()).hexdigest()[:12]}"


def is_import(session: str) -> bool:
    """True if a session is an imported file: its id has the form of `import_session`."""
    return _IMPORT.fullmatch(session) is not None


def live_playlist(stream: str, session: str) -> str:
    """The live window."""
    return f"{PLAYLISTS}{stream}/{session}/index.m3u8"


def vod_playlist(stream: str, session: str) -> str:
    """The whole session."""
    return f"{PLAYLISTS}{stream}/{session}/vod.m3u8"


def segment_uri(ref: SegmentRef) -> str:
    """A segment's address relative to its playlist."""
    return f"../../../{segment_object(ref)}"


def staged_object(stream: str, name: str) -> str:
    """staging/{stream}/{name}, by the name that its sender gave it."""
    return f"{STAGING}{stream}/{name}"


def push_path(stream: str) -> str:
    """pushes/{stream}: the progress of an HLS push, closed to browsers."""
    return f"pushes/{stream}"


def refusal_path(stream: str) -> str:
    """refusals/{stream}: an HLS sender that was stopped and has not given up, closed to browsers."""
    return f"refusals/{stream}"


def stream_path(stream: str) -> str:
    """streams/{stream}"""
    return f"streams/{stream}"


def key_path(stream: str) -> str:
    """keys/{stream}: the hash of the stream key, closed to browsers."""
    return f"keys/{stream}"


def lease_path(stream: str) -> str:
    """leases/{stream}: the publisher, closed to browsers."""
    return f"leases/{stream}"


def session_path(stream: str, session: str) -> str:
    """streams/{stream}/sessions/{session}"""
    return f"streams/{stream}/sessions/{session}"


def import_path(stream: str, session: str) -> str:
    """streams/{stream}/imports/{session}: the progress of the import of a file."""
    return f"streams/{stream}/imports/{session}"


def check_clip(clip: str) -> str:
    """Returns a valid id of a clip. Raises BadRequest."""
    if not _CLIP.fullmatch(clip):
        raise BadRequest(f"invalid clip id {clip[:80]!r}: expected one that GET …/clips lists")
    return clip


def clip_path(stream: str, clip: str) -> str:
    """streams/{stream}/clips/{clip}: what was asked to be cut, and how far it is."""
    return f"streams/{stream}/clips/{clip}"


def clip_object(stream: str, session: str, clip: str, ending: str) -> str:
    """clips/{stream}/{session}/{clip}.mp4, or .jpg"""
    return f"{CLIPS}{stream}/{session}/{clip}.{ending}"


def audit_path(entry: str) -> str:
    """audit/{entry}: a change, closed to browsers but administrators."""
    return f"audit/{entry}"


def quota_path(tenant: str) -> str:
    """quotas/{tenant}: the limits of a tenant, closed to browsers."""
    return f"quotas/{tenant}"


def allowance_path(tenant: str) -> str:
    """allowances/{tenant}: a copy of its limits for those who analyse, closed to browsers."""
    return f"allowances/{tenant}"


def upload_grant(object_name: str) -> str:
    """The id of an upload's grant: a digest of its object's name."""
    return hashlib.sha256(object_name.encode()).hexdigest()[:32]


def upload_grant_path(grant: str) -> str:
    """upload_grants/{grant}: the right to upload an object, closed to browsers."""
    return f"upload_grants/{grant}"


def upload_session(stream: str, sender: str, name: str, size: int, fingerprint: str) -> str:
    """The id of the upload of a file, by the one who sends it: the same each time that they come back with it."""
    known = "\n".join((stream, sender, str(size), fingerprint, name))
    return hashlib.sha256(known.encode()).hexdigest()[:32]


def upload_session_path(session: str) -> str:
    """upload_sessions/{session}: an upload that has begun, closed to browsers."""
    return f"upload_sessions/{session}"


def check_report(report: str) -> str:
    """Returns a valid id of a frozen report. Raises BadRequest."""
    if not re.fullmatch(REPORT_ID, report):
        raise BadRequest(f"invalid report id {report[:80]!r}: expected 64 digits of 0-9 and a-f")
    return report


def check_correction(correction: str) -> str:
    """Returns a valid id of a correction. Raises BadRequest."""
    if not re.fullmatch(CORRECTION_ID, correction):
        raise BadRequest(f"invalid correction id {correction[:80]!r}: expected 24 digits of 0-9 and a-f")
    return correction


def check_evidence(name: str) -> str:
    """Returns the valid name of a frame kept with a frozen report. Raises BadRequest."""
    if not re.fullmatch(EVIDENCE, name):
        raise BadRequest(f"invalid evidence {name[:80]!r}: expected a name such as 000-0000012480.jpg")
    return name


def report_path(report: str) -> str:
    """reports/{report}: the entry of a frozen report, closed to browsers."""
    return f"reports/{report}"


def segment_path(ref: SegmentRef) -> str:
    """…/segments/{seq:08d}: the outcome of sampling a segment."""
    return f"{session_path(ref.stream, ref.session)}/segments/{ref.sequence:08d}"


def transcript_path(ref: SegmentRef) -> str:
    """…/transcripts/{seq:08d}: the words of a segment."""
    return f"{session_path(ref.stream, ref.session)}/transcripts/{ref.sequence:08d}"


def transcription_path(stream: str, session: str) -> str:
    """transcriptions/{stream}.{session}: how far the final transcript of a session has come, closed to browsers."""
    return f"transcriptions/{stream}.{session}"


def frame_path(ref: FrameRef) -> str:
    """…/frames/{media_ms:010d}"""
    return f"{session_path(ref.stream, ref.session)}/frames/{ref.media_ms:010d}"


def minute_path(stream: str, session: str, minute: int, part: str) -> str:
    """…/minutes/{minute:06d}-{part}: the detections of a kind in a minute of media time, or its segments."""
    return f"{session_path(stream, session)}/minutes/{minute:06d}-{part}"


def brand_path(brand: str) -> str:
    """brands/{brand}"""
    return f"brands/{brand}"


def check_brand(brand: str) -> str:
    """Returns a valid brand id. Raises BadRequest."""
    return _checked("brand", brand)


def reference_object(brand: str, name: str) -> str:
    """brands/{brand}/{name}"""
    return f"{BRANDS}{brand}/{name}"


def provider_path(provider: str) -> str:
    """providers/{provider}: the status of a provider of detections."""
    return f"providers/{provider}"


def letter_path(letter: str) -> str:
    """dead_letters/{letter}: a message that a function refused and Pub/Sub may have given up, closed to browsers."""
    return f"dead_letters/{letter}"


def check_letter(letter: str) -> str:
    """Returns a valid id of a dead letter. Raises BadRequest."""
    if not _LETTER.fullmatch(letter):
        raise BadRequest(f"invalid id of a dead letter {letter[:80]!r}: expected one that GET /dead-letters lists")
    return letter


def email(address: str) -> str:
    """An e-mail address as it is compared: NFC, in small letters. Raises BadRequest for what is none."""
    compared = unicodedata.normalize("NFC", address.strip()).lower()
    if len(compared) > _MAX_EMAIL or not _EMAIL.fullmatch(compared):
        raise BadRequest(f"invalid e-mail address {address[:80]!r}: expected one such as ann@example.com")
    return compared


def member(address: str) -> str:
    """The id of the member with this e-mail address, which is derived from it. Raises BadRequest."""
    return f"m{hashlib.sha256(email(address).encode()).hexdigest()[:24]}"


def check_member(member: str) -> str:
    """Returns a valid member id. Raises BadRequest."""
    if not _MEMBER.fullmatch(member):
        raise BadRequest(f"invalid member id {member[:80]!r}: expected one that GET /members lists")
    return member


def member_path(member: str) -> str:
    """members/{member}: a person and their role."""
    return f"members/{member}"


def check_tenant(tenant: str) -> str:
    """Returns a valid tenant id. Raises BadRequest."""
    return _checked("tenant", tenant)


def share(secret: str) -> str:
    """The id of the share link with this secret: its hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_share(share: str) -> str:
    """Returns a valid id of a share link. Raises BadRequest."""
    if not _SHARE.fullmatch(share):
        raise BadRequest(f"invalid id of a share link {share[:80]!r}: expected one that GET …/shares lists")
    return share


def share_path(share: str) -> str:
    """shares/{share}: a link to a stream."""
    return f"shares/{share}"


RULE_ID = r"r[0-9a-f]{16}"
CHANNEL_ID = r"c[0-9a-f]{16}"
ALERT_ID = r"a[0-9a-f]{24}"
"""The patterns of the ids of rules, channels and alerts."""


def rule_path(rule: str) -> str:
    """rules/{rule}: what is to be told of what is seen, closed to browsers."""
    return f"rules/{rule}"


def channel_path(channel: str) -> str:
    """channels/{channel}: where alerts go, closed to browsers."""
    return f"channels/{channel}"


def alert_path(alert: str) -> str:
    """alerts/{alert}: what a rule fired for, closed to browsers."""
    return f"alerts/{alert}"


def delivery_path(alert: str, channel: str) -> str:
    """deliveries/{alert}.{channel}: an alert on its way to a channel, closed to browsers."""
    return f"deliveries/{alert}.{channel}"


def check_acting(kind: str, id: str) -> str:
    """Returns a valid id of a `rule`, a `channel` or an `alert`. Raises BadRequest."""
    pattern = {"rule": RULE_ID, "channel": CHANNEL_ID, "alert": ALERT_ID}[kind]
    if not re.fullmatch(pattern, id):
        raise BadRequest(f"invalid {kind} id {id[:80]!r}: expected one that GET /{kind}s lists")
    return id


OF_A_STREAM = (key_path, lease_path, push_path, refusal_path)
"""The documents that a stream has in other collections, one in each, under its own id. Its deletion takes all."""
