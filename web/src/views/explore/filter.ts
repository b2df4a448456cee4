import type { Detection, Frame } from '../../data/documents/model'

/** Filter of snapshots. Empty fields match any. */
export interface Filter {
  readonly stream: string
  readonly label: string
  readonly kind: string
  /** The least confidence, 0 to 1. */
  readonly confidence: number
  /** Instants, RFC 3339 in UTC: 2026-03-01T11:00:00Z. */
  readonly from: string
  readonly to: string
}

export const ANY: Filter = { stream: '', label: '', kind: '', confidence: 0, from: '', to: '' }
const LONGEST = 80

/** The filter in an address. Its stream is named `in`, because `?stream=` would watch that stream. */
export function filterOf(query: URLSearchParams): Filter {
  const confidence = Number(query.get('confidence'))
  return {
    stream: query.get('in') ?? '',
    label: query.get('label') ?? '',
    kind: query.get('kind') ?? '',
    confidence: confidence > 0 && confidence <= 1 ? confidence : 0,
    from: utcOf(query.get('from') ?? ''),
    to: utcOf(query.get('to') ?? ''),
  }
}

/** As parameters of the address: null where anything goes. */
export function parameters(filter: Filter): Readonly<Record<string, string | null>> {
  const { stream, label, kind, confidence, from, to } = filter
  const given = (value: string): string | null => value || null
  return {
    in: given(stream),
    label: given(label),
    kind: given(kind),
    confidence: confidence > 0 ? String(confidence) : null,
    from: given(from),
    to: given(to),
  }
}

/** The tag that frames with it have (docs/contracts.md, "Finding frames"). */
export function tagOf({ kind, label }: Filter): string {
  return `${kind}:${[...normal(label)].slice(0, LONGEST).join('')}`
}

export const normal = (label: string): string => label.trim().toLowerCase()

/** Milliseconds since 1970 of an instant, or of the local time that a field of a form writes; null: no time. */
export function instantOf(text: string): number | null {
  const instant = text === '' ? Number.NaN : new Date(text).getTime()
  return Number.isFinite(instant) ? instant : null
}

/** What a field or an address says, as an instant: a link finds the same in every zone. '' for what is no time. */
export function utcOf(text: string): string {
  const instant = instantOf(text)
  return instant === null ? '' : new Date(instant).toISOString().replace('.000Z', 'Z')
}

/** An instant as a field of a form writes it, in local time: 2026-03-01T12:00. */
export function localOf(text: string): string {
  const instant = instantOf(text)
  if (instant === null) return ''
  const shifted = new Date(instant - new Date(instant).getTimezoneOffset() * 60_000).toISOString()
  return shifted.slice(0, shifted.endsWith(':00.000Z') ? 16 : 19)
}

/** Detections of a frame that match the filter, surest first. Tags only find candidate frames. */
export function wanted(frame: Frame, { kind, label, confidence }: Filter): readonly Detection[] {
  const found: Detection[] = []
  for (const [name, analysis] of frame.analyses) {
    if (analysis.error !== null || (kind && name !== kind)) continue
    for (const detection of analysis.detections) {
      const named = !label || normal(detection.label) === normal(label)
      if (named && detection.confidence >= confidence) found.push(detection)
    }
  }
  return found.sort((a, b) => b.confidence - a.confidence)
}
