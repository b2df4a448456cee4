import type {
  Analysis,
  Box,
  Detection,
  Failure,
  Frame,
  Import,
  Point,
  Provider,
  ProviderState,
  Segment,
  Session,
  Stream,
  StreamState,
  Track,
  TrackPoint,
  Tracks,
  Transcript,
  Visibility,
  Visual,
  Word,
} from './model'

/** Decodes documents. Missing fields are tolerated: several functions write one frame, in any order. */

export type Fields = Readonly<Record<string, unknown>>
const STATES: readonly string[] = ['idle', 'connecting', 'live', 'reconnecting', 'ended', 'error']

export const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
export const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null
export const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** A Firestore timestamp as milliseconds since 1970, with its fraction; toMillis() would cut it off. */
export function millis(value: unknown): number | null {
  const { seconds, nanoseconds } = fields(value)
  return typeof seconds === 'number' && typeof nanoseconds === 'number' ? seconds * 1000 + nanoseconds / 1e6 : null
}

/** An error of a document. Those of earlier releases are text, of no code. */
export function failure(value: unknown): Failure | null {
  const old = text(value)
  if (old !== null) return { code: '', message: old }
  const message = text(fields(value).message)
  return message === null ? null : { code: text(fields(value).code) ?? '', message }
}

export function toStream(id: string, data: Fields): Stream {
  const state = text(data.state) ?? 'idle'
  return {
    id,
    name: text(data.name) ?? id,
    state: (STATES.includes(state) ? state : 'error') as StreamState,
    source: text(data.source),
    session: text(data.session),
    error: failure(data.error)?.message ?? null,
    reconnectUntil: millis(data.reconnect_until),
    lastSegmentAt: millis(data.last_segment_at),
    visibility: visibilityOf(data.visibility),
    viewers: list(data.viewers).filter((one) => typeof one === 'string'),
    createdBy: text(data.created_by),
  }
}

/** Unless a document says otherwise, its stream is private. */
const visibilityOf = (value: unknown): Visibility => (value === 'tenant' || value === 'public' ? value : 'private')

const IMPORT_STATES: readonly string[] = ['starting', 'running', 'done', 'error']

export function toImport(id: string, data: Fields): Import {
  const state = text(data.state) ?? 'starting'
  return {
    id,
    state: (IMPORT_STATES.includes(state) ? state : 'error') as Import['state'],
    share: number(data.share) ?? 0,
    mediaSeconds: number(data.media_seconds) ?? 0,
    error: failure(data.error)?.message ?? null,
  }
}

/** null until the session has its start and its playlist. */
export function toSession(id: string, data: Fields): Session | null {
  const started = millis(data.started)
  const playlist = text(data.playlist)
  if (started === null || playlist === null) return null
  return {
    id,
    started,
    playlist,
    ended: millis(data.ended),
    vod: text(data.vod),
    codecs: text(data.codecs) ?? (list(data.codecs).join(', ') || null),
    width: number(data.width),
    height: number(data.height),
    fps: number(data.fps),
    segments: number(data.segments) ?? 0,
    mediaSeconds: number(data.media_seconds) ?? 0,
    repaired: number(data.repaired) ?? 0,
    dropped: number(data.dropped) ?? 0,
    error: failure(data.error)?.message ?? null,
  }
}

/** null until the frame has its media time. */
export function toFrame(id: string, data: Fields): Frame | null {
  const time = number(data.media_time)
  if (time === null) return null
  const analyses = new Map(
    Object.entries(fields(data.analyses)).map(([kind, value]) => [kind, toAnalysis(kind, value)]),
  )
  return {
    id,
    time,
    wall: millis(data.program_date_time),
    finalizedAt: millis(data.finalized_at),
    sampledAt: millis(data.sampled_at),
    snapshot: text(data.snapshot),
    reason: text(data.reason) ?? '',
    width: number(data.width) ?? 16,
    height: number(data.height) ?? 9,
    visual: toVisual(data.visual),
    motion: number(data.motion),
    begun: Array.isArray(data.kinds),
    kinds: list(data.kinds).filter((kind) => typeof kind === 'string'),
    analyses,
    tracks: toTracks(data.tracks),
  }
}

/** null until it has its place in the session. */
export function toSegment(id: string, data: Fields): Segment | null {
  const time = number(data.media_time)
  const duration = number(data.duration)
  if (time === null || duration === null) return null
  const sameAs = number(data.same_as)
  return {
    id,
    sequence: number(data.sequence),
    time,
    end: time + duration,
    finalizedAt: millis(data.finalized_at),
    sampledAt: millis(data.sampled_at),
    bytes: number(data.bytes),
    looks: number(data.looked_at) ?? 0,
    kept: list(data.frames).length,
    motion: number(data.motion) ?? 0,
    revision: text(fields(data.gate).revision) ?? '',
    sameAs: sameAs === null ? null : sameAs / 1000,
  }
}

export function toTranscript(id: string, data: Fields): Transcript | null {
  const time = number(data.media_time)
  if (time === null) return null
  const words = list(data.words).map(toWord)
  return {
    id,
    time,
    begins: number(data.begins) ?? time,
    words: words.filter((word) => word !== null),
    failed: failure(data.error) !== null,
  }
}

const PROVIDER_STATES: readonly string[] = ['ok', 'failing', 'open', 'probing']

export function toProvider(id: string, data: Fields): Provider {
  const state = text(data.state) ?? 'ok'
  return {
    id,
    state: (PROVIDER_STATES.includes(state) ? state : 'failing') as ProviderState,
    model: text(data.model),
    device: text(data.device),
    queue: number(data.queue),
    lastError: text(data.last_error),
    lastErrorAt: millis(data.last_error_at),
    updated: millis(data.updated),
  }
}

function toWord(value: unknown): Word | null {
  const data = fields(value)
  const [said, start, end] = [text(data.text), number(data.start), number(data.end)]
  if (said === null || start === null || end === null) return null
  return { text: said, start, end, speaker: text(data.speaker) }
}

function toAnalysis(kind: string, value: unknown): Analysis {
  const data = fields(value)
  return {
    provider: text(data.provider) ?? '',
    model: text(data.model) ?? '',
    detections: list(data.detections).map((detection) => toDetection(kind, fields(detection))),
    error: failure(data.error),
    tookMs: number(data.took_ms),
    fallbackFrom: text(data.fallback_from),
    analyzedAt: millis(data.analyzed_at),
  }
}

function toDetection(kind: string, data: Fields): Detection {
  const box = toBox(data.box)
  const corners = box && toCorners(data.corners, box)
  return {
    label: text(data.label) ?? '?',
    kind: text(data.kind) ?? kind,
    confidence: number(data.confidence) ?? 0,
    box,
    ...(corners && { corners }),
  }
}

function toCorners(value: unknown, box: Box): Point[] | null {
  const sides = list(value).map(number)
  if (sides.length !== 8 || box.width <= 0 || box.height <= 0) return null
  const points: Point[] = []
  for (let at = 0; at < 8; at += 2) {
    const [x, y] = [sides[at] ?? null, sides[at + 1] ?? null]
    if (x === null || y === null) return null
    points.push({ x: (x - box.x) / box.width, y: (y - box.y) / box.height })
  }
  return points
}

function toBox(value: unknown): Box | null {
  const { x, y, width, height } = fields(value)
  const sides = [x, y, width, height].map(number)
  if (sides.some((side) => side === null)) return null
  const [left, top, across, down] = sides as [number, number, number, number]
  return { x: left, y: top, width: across, height: down }
}

/** Without an item that is damaged: its detection then has no track. */
function toTracks(value: unknown): Tracks | null {
  const data = fields(value)
  const to = number(data.to)
  if (to === null) return null
  return {
    to: to / 1000,
    kinds: list(data.kinds).filter((kind) => typeof kind === 'string'),
    items: list(data.items)
      .map((item) => toTrack(fields(item)))
      .filter((track) => track !== null),
  }
}

function toTrack(data: Fields): Track | null {
  const [kind, label, times, sides] = [text(data.kind), text(data.label), list(data.times), list(data.boxes)]
  if (kind === null || label === null || sides.length !== 4 * times.length) return null
  const points: TrackPoint[] = []
  for (const [index, value] of times.entries()) {
    const [time, box] = [number(value), toTrackBox(sides.slice(4 * index, 4 * index + 4))]
    const after = time === null ? -1 : time / 1000
    if (!box || after < 0 || after <= (points.at(-1)?.after ?? -1)) return null
    points.push({ after, box })
  }
  const [first, last] = [points[0], points.at(-1)]
  return first && last ? { kind, label, first, last, points, confidence: number(data.confidence) } : null
}

/** Of four numbers in ten-thousandths of the frame. */
function toTrackBox([x, y, width, height]: readonly unknown[]): Box | null {
  const part = (side: unknown): number => (number(side) ?? Number.NaN) / 10_000
  const box = toBox({ x: part(x), y: part(y), width: part(width), height: part(height) })
  return box && box.width >= 0 && box.height >= 0 ? box : null
}

function toVisual(value: unknown): Visual | null {
  const data = fields(value)
  const brightness = number(data.brightness)
  if (brightness === null) return null
  return {
    brightness,
    contrast: number(data.contrast) ?? 0,
    saturation: number(data.saturation) ?? 0,
    colors: list(data.colors)
      .map(fields)
      .filter((color) => /^#[0-9a-f]{6}$/i.test(text(color.hex) ?? ''))
      .map((color) => ({ hex: text(color.hex) ?? '', share: number(color.share) ?? 0 })),
  }
}
