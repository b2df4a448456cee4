import { type Fields, fields, list, millis, number, text } from '../documents/documents'
import type { Answer, Break, Piece, Provider, ProviderState, Sent } from './model'

/** null until it has been sampled. */
export function toPiece(id: string, data: Fields): Piece | null {
  const [time, duration, sequence] = [number(data.media_time), number(data.duration), number(data.sequence)]
  const [finalizedAt, sampledAt] = [millis(data.finalized_at), millis(data.sampled_at)]
  if (time === null || duration === null || sequence === null || finalizedAt === null || sampledAt === null) return null
  return { id, sequence, time, end: time + duration, finalizedAt, sampledAt, bytes: number(data.bytes) }
}

/** null until `sample` has written its part. */
export function toSent(id: string, data: Fields): Sent | null {
  const [time, finalizedAt] = [number(data.media_time), millis(data.finalized_at)]
  if (time === null || finalizedAt === null) return null
  return {
    id,
    time,
    finalizedAt,
    sampledAt: millis(data.sampled_at),
    kinds: Array.isArray(data.kinds) ? list(data.kinds).filter((kind) => typeof kind === 'string') : null,
    answers: new Map(Object.entries(fields(data.analyses)).map(([kind, value]) => [kind, toAnswer(fields(value))])),
  }
}

function toAnswer(data: Fields): Answer {
  return {
    provider: text(data.provider) ?? '?',
    tookMs: number(data.took_ms),
    analyzedAt: millis(data.analyzed_at),
    error: text(data.error),
  }
}

export function toBreak(id: string, data: Fields): Break | null {
  const [time, at] = [number(data.media_time), millis(data.finalized_at)]
  return time === null || at === null ? null : { id, time, at }
}

const STATES: readonly string[] = ['ok', 'failing', 'open', 'probing']

export function toProvider(id: string, data: Fields): Provider {
  const state = text(data.state) ?? 'ok'
  return {
    id,
    state: (STATES.includes(state) ? state : 'failing') as ProviderState,
    model: text(data.model),
    device: text(data.device),
    queue: number(data.queue),
    lastError: text(data.last_error),
    lastErrorAt: millis(data.last_error_at),
    updated: millis(data.updated),
  }
}
