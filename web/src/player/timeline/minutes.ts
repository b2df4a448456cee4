import type { Stretch } from './coverage'
import type { Look, Seen } from './looks'

type Fields = Readonly<Record<string, unknown>>
const fields = (value: unknown): Fields => (typeof value === 'object' && value !== null ? (value as Fields) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Documents of `minutes` (one per kind, and one of segments) as looks and stretches, by time. */
export function readMinutes(documents: readonly Fields[]): {
  readonly looks: readonly Look[]
  readonly stretches: readonly Stretch[]
} {
  const looks = new Map<number, Map<string, readonly Seen[] | null>>()
  const stretches: Stretch[] = []
  for (const document of documents) {
    for (const part of Object.values(fields(document.segments))) {
      const [from, to] = list(part)
      if (typeof from === 'number' && typeof to === 'number') stretches.push({ from: from / 1000, to: to / 1000 })
    }
    if (typeof document.kind !== 'string') continue
    for (const [name, value] of Object.entries(fields(document.looks))) {
      const kinds = looks.get(Number(name)) ?? new Map<string, readonly Seen[] | null>()
      looks.set(Number(name), kinds.set(document.kind, Array.isArray(value) ? value.flatMap(seen) : null))
    }
  }
  return {
    looks: [...looks].sort(([a], [b]) => a - b).map(([ms, kinds]) => ({ ms, kinds })),
    stretches: stretches.sort((a, b) => a.from - b.from),
  }
}

function seen(value: unknown): readonly Seen[] {
  const { label, confidence } = fields(value)
  return typeof label === 'string' && typeof confidence === 'number' ? [{ label, confidence }] : []
}
