import { type Fields, failure, fields, list, millis, number, text } from '../../data/documents/documents'
import { clock, kindName } from '../../data/format'

/** A clip, as its document says. Times in seconds. */
export interface Clip {
  readonly id: string
  readonly session: string
  readonly state: 'waiting' | 'running' | 'done' | 'error'
  readonly share: number
  readonly object: string | null
  readonly size: number
  readonly duration: number
  readonly created: number
  readonly error: string | null
  readonly name: string
  /** Whether it is a picture and no video. */
  readonly still: boolean
  /** Names of its parts, and where they begin in it. */
  readonly chapters: readonly Chapter[]
}

export interface Chapter {
  readonly start: number
  readonly mediaTime: number
  readonly title: string
}

const STATES: readonly string[] = ['waiting', 'running', 'done', 'error']

export function toClip(id: string, data: Fields): Clip {
  const state = text(data.state) ?? 'waiting'
  const asked = fields(data.asked)
  return {
    id,
    session: text(data.session) ?? '',
    state: (STATES.includes(state) ? state : 'error') as Clip['state'],
    share: number(data.share) ?? 0,
    object: text(data.object),
    size: number(data.size) ?? 0,
    duration: number(data.duration) ?? 0,
    created: millis(data.created) ?? 0,
    error: failure(data.error)?.message ?? null,
    name: nameOf(asked),
    still: number(asked.at) !== null,
    chapters: list(data.chapters).map((one) => {
      const chapter = fields(one)
      return {
        start: number(chapter.start) ?? 0,
        mediaTime: number(chapter.media_time) ?? 0,
        title: text(chapter.title) ?? '',
      }
    }),
  }
}

/** What was asked for, in words. */
export function nameOf(asked: Fields): string {
  const kind = text(asked.kind) ?? 'logo'
  const [label, at, appearance] = [text(asked.label), number(asked.at), text(asked.appearance)]
  const drawn = asked.boxes === true ? ', with boxes' : ''
  if (label !== null) return `Reel of ${label}${drawn}`
  if (at !== null) return `Still at ${clock(at)}${drawn}`
  if (appearance !== null)
    return `Appearance of a ${kindName(kind)} at ${clock(Number(appearance.slice(0, 10)) / 1000)}${drawn}`
  return `${clock(number(asked.start) ?? 0)} to ${clock(number(asked.end) ?? 0)}${drawn}`
}
