import type { Detection, Frame } from '../../data/documents/model'

/** Filter of snapshots. Empty fields match any. */
export interface Filter {
  readonly stream: string
  readonly label: string
  readonly kind: string
  /** The least confidence, 0 to 1. */
  readonly confidence: number
  /** Local time as a field of a form writes it: 2026-03-01T12:00. */
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
    from: instantOf(query.get('from') ?? '') === null ? '' : (query.get('from') ?? ''),
    to: instantOf(query.get('to') ?? '') === null ? '' : (query.get('to') ?? ''),
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

/** Milliseconds since 1970 of what a form's field says; null: nothing, or no time. */
export function instantOf(local: string): number | null {
  const instant = local === '' ? Number.NaN : new Date(local).getTime()
  return Number.isFinite(instant) ? instant : null
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
