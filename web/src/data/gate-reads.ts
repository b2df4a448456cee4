import { collection, type Firestore, limitToLast, orderBy, type Query, query } from '@firebase/firestore'
import type { Segment, Stream } from './documents/model'

/** The newest documents of a kind of one session. */
export function newest(
  db: Firestore,
  stream: string,
  session: string,
  kind: 'segments' | 'frames',
  most: number,
): Query {
  return query(collection(db, 'streams', stream, 'sessions', session, kind), orderBy('media_time'), limitToLast(most))
}

/** Streams that have been sent, live ones first. */
export function withVideo(streams: readonly Stream[] | null): readonly Stream[] {
  const live = ({ state }: Stream): number => Number(state === 'live')
  return [...(streams ?? [])].filter(({ session }) => session).sort((a, b) => live(b) - live(a))
}

export interface Rate {
  readonly seconds: number
  readonly looks: number
  readonly kept: number
  /** Frames sent on in an hour, if it went on like this. */
  readonly perHour: number
}

/** The gate's work over these segments; null if the list is empty. */
export function rate(segments: readonly Segment[]): Rate | null {
  const sum = (of: (one: Segment) => number): number => segments.reduce((total, one) => total + of(one), 0)
  const seconds = sum(({ time, end }) => end - time)
  if (seconds <= 0) return null
  const kept = sum((one) => one.kept)
  return { seconds, looks: sum(({ looks }) => looks), kept, perHour: (kept / seconds) * 3600 }
}
