import { type Fields, toFrame } from '../../data/documents/documents'
import type { Frame } from '../../data/documents/model'

/** A sampled frame of some stream. */
export interface Snapshot {
  /** {stream}/{session}/{frame}: what the address calls it. */
  readonly id: string
  readonly stream: string
  readonly session: string
  /** When it was taken (ms since 1970). */
  readonly wall: number
  readonly frame: Frame
}

/** The document at `path`; null where it lacks its time. */
export function toSnapshot(path: string, data: Fields): Snapshot | null {
  const [, stream = '', , session = '', , id = ''] = path.split('/')
  const frame = toFrame(id, data)
  return frame?.wall == null ? null : { id: `${stream}/${session}/${id}`, stream, session, wall: frame.wall, frame }
}

/** The path of a snapshot's document; null where `id` is no snapshot's. */
export function pathOf(id: string): string | null {
  const parts = id.split('/')
  const [stream, session, frame] = parts
  return parts.length === 3 && stream && session && frame
    ? `streams/${stream}/sessions/${session}/frames/${frame}`
    : null
}

/** Address at which the moment can be watched. */
export function momentOf({ stream, session, frame }: Snapshot): string {
  return `?${new URLSearchParams({ stream, session, t: frame.time.toFixed(3) })}`
}
