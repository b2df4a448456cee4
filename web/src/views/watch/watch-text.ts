import type { Frame, Session, Stream, StreamState } from '../../data/documents/model'
import type { Filter } from '../../player/overlay/filter'
import type { StreamStore } from '../../player/session/stream-store'

/** "1280 × 720 · 30 fps". */
export function facts({ width, height, fps }: Session): string {
  const parts = [width && height ? `${width} × ${height}` : '', fps ? `${Number(fps.toFixed(2))} fps` : '']
  return parts.filter(Boolean).join(' · ')
}

/** Start time named by the address (s of the session); null if it names none. */
export function startOf(query: URLSearchParams): number | null {
  const t = query.get('t')
  const time = t ? Number(t) : Number.NaN
  return Number.isFinite(time) && time >= 0 ? time : null
}

/** The state of what is shown: an earlier session has ended, whatever the stream does now. */
export function stateOf(store: StreamStore, stream: Stream): StreamState {
  if (!store.earlier) return stream.state
  return store.session?.error ? 'error' : 'ended'
}

export function waitingFor(stream: Stream): string {
  if (stream.state === 'connecting') return 'The sender has connected. The first pictures take a few seconds.'
  return stream.state === 'live' ? 'Waiting for the first segment…' : 'Loading the picture…'
}

/** The reason why no detection is listed. */
export function nothingYet(stream: Stream, frames: readonly Frame[], filter: Filter): string {
  if (stream.state === 'connecting') return 'What is found appears here, with the picture it was found on.'
  if (frames.length === 0) return 'No frame has been sampled yet.'
  if (frames.every(({ analyses }) => analyses.size === 0)) return 'Frames are sampled; their analysis is under way.'
  const looked = frames.length === 1 ? 'the one frame' : `the ${frames.length} frames`
  const found = frames.some(({ analyses }) => [...analyses.values()].some(({ detections }) => detections.length > 0))
  if (found && !filter.open) return `Everything that was found on ${looked} so far is hidden by the filters above.`
  return `Nothing was found on ${looked} sampled so far.`
}
