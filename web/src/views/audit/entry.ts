import { type Fields, fields, millis, text } from '../../data/documents/documents'

/** One change, or attempt of one: `audit/{id}` (docs/contracts.md). */
export interface Entry {
  readonly id: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** A member's id, or that of another kind of caller. */
  readonly who: string
  readonly kind: string
  readonly action: string
  readonly target: string
  readonly address: string
  /** What differs, by field: before and after, as JSON. */
  readonly changes: readonly Change[]
}

export interface Change {
  readonly field: string
  readonly before: string
  readonly after: string
}

/** null until it has its time. */
export function toEntry(id: string, data: Fields): Entry | null {
  const at = millis(data.at)
  if (at === null) return null
  return {
    id,
    at,
    who: text(data.who) ?? '',
    kind: text(data.kind) ?? '',
    action: text(data.action) ?? '',
    target: text(data.target) ?? '',
    address: text(data.address) ?? '',
    changes: changesOf(fields(data.before), fields(data.after)),
  }
}

export function changesOf(before: Fields, after: Fields): readonly Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort()
  return names
    .map((field) => ({ field, before: shown(before[field]), after: shown(after[field]) }))
    .filter((change) => change.before !== change.after)
}

const shown = (value: unknown): string => (value === undefined ? '' : (JSON.stringify(value) ?? ''))

/** "streams.rotate_key" as a person says it: "streams, rotate key". */
export const spoken = (action: string): string => action.replace(/[._]+/g, ' ').trim()
