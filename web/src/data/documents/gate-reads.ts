import {
  collection,
  documentId,
  type Firestore,
  limit,
  limitToLast,
  orderBy,
  type Query,
  query,
} from '@firebase/firestore'
import { type Fields, fields, list, number, text } from './documents'
import type { Stream } from './model'

/** A segment as the gate left it; docs/contracts.md, `segments/{seq}`. Times in s. */
export interface Looked {
  readonly id: string
  readonly time: number
  readonly duration: number
  /** Frames compared. */
  readonly looks: number
  /** Frames sent on. */
  readonly kept: number
  readonly motion: number
  /** Of the settings that it was sampled under. */
  readonly revision: string
}

export function toLooked(id: string, data: Fields): Looked | null {
  const [time, duration] = [number(data.media_time), number(data.duration)]
  if (time === null || duration === null) return null
  return {
    id,
    time,
    duration,
    looks: number(data.looked_at) ?? 0,
    kept: list(data.frames).length,
    motion: number(data.motion) ?? 0,
    revision: text(fields(data.gate).revision) ?? '',
  }
}

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

export const streamsOf = (db: Firestore): Query => query(collection(db, 'streams'), orderBy(documentId()), limit(200))

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

/** What the gate did over these segments; null while there are none. */
export function rate(segments: readonly Looked[]): Rate | null {
  const sum = (of: (one: Looked) => number): number => segments.reduce((total, one) => total + of(one), 0)
  const seconds = sum(({ duration }) => duration)
  if (seconds <= 0) return null
  const kept = sum((one) => one.kept)
  return { seconds, looks: sum(({ looks }) => looks), kept, perHour: (kept / seconds) * 3600 }
}
