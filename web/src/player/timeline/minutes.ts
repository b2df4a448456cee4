import type { Stretch } from './coverage'
import { type Look, merged, type Seen, type Span, type Spans } from './looks'

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Documents of `minutes` (one per kind, and one of segments) as looks and stretches, by time. */
export function readMinutes(documents: readonly Fields[]): {
  readonly looks: readonly Look[]
  readonly stretches: readonly Stretch[]
} {
  const looks = new Map<number, Map<string, readonly Seen[] | null>>()
  const followed = new Map<number, Map<string, Spans>>()
  for (const document of documents) {
    const { kind } = document
    if (typeof kind !== 'string') continue
    for (const [name, value] of Object.entries(fields(document.looks))) {
      put(looks, Number(name), kind, Array.isArray(value) ? value.flatMap(seen) : null)
    }
    for (const [name, one] of followedIn(document)) put(followed, Number(name), kind, one)
  }
  return {
    looks: [...looks].sort(([a], [b]) => a - b).map(([ms, kinds]) => look(ms, kinds, followed.get(ms))),
    stretches: documents.flatMap(stretchesIn).sort((a, b) => a.from - b.from),
  }
}

const stretchesIn = ({ segments }: Fields): readonly Stretch[] =>
  Object.values(fields(segments)).flatMap((part) => {
    const [from, to] = list(part)
    return typeof from === 'number' && typeof to === 'number' ? [{ from: from / 1000, to: to / 1000 }] : []
  })

const followedIn = (document: Fields): readonly (readonly [string, Spans])[] =>
  Object.entries(fields(document.followed)).flatMap(([name, value]) => {
    const { to, labels } = fields(value)
    return typeof to === 'number' ? [[name, { to, spans: merged(list(labels).flatMap(spans)) }]] : []
  })

function put<T>(all: Map<number, Map<string, T>>, ms: number, kind: string, value: T): void {
  const kinds = all.get(ms) ?? new Map<string, T>()
  all.set(ms, kinds.set(kind, value))
}

const look = (ms: number, kinds: Look['kinds'], followed: ReadonlyMap<string, Spans> | undefined): Look =>
  followed ? { ms, kinds, followed } : { ms, kinds }

/** Of a label: its times are from, to, from, to, …, in ms. */
function spans(value: unknown): readonly Span[] {
  const times = list(fields(value).times)
  return seen(value).flatMap((one) =>
    times.flatMap((from, at) => {
      const to = times[at + 1]
      return at % 2 === 0 && typeof from === 'number' && typeof to === 'number'
        ? [{ ...one, from: from / 1000, to: to / 1000 }]
        : []
    }),
  )
}

function seen(value: unknown): readonly Seen[] {
  const { label, confidence } = fields(value)
  return typeof label === 'string' && typeof confidence === 'number' ? [{ label, confidence }] : []
}
