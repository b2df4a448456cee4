/** Analysis settings (docs/contracts.md, Analysis), as the API reads and writes them. Pure functions. */

/** Transcription of speech, with its languages as BCP 47 tags. */
export interface Speech {
  readonly enabled?: boolean
  readonly languages?: readonly string[]
}

export interface Settings {
  readonly kinds: readonly string[]
  readonly providers: Readonly<Record<string, readonly string[]>>
  readonly threshold: Readonly<Record<string, number>>
  readonly brands: readonly string[]
  readonly sampling: Readonly<Record<string, number>>
  readonly speech: Speech
  /** Objects and scenes that are looked for in words, by kind; none: the usual ones. */
  readonly words?: Readonly<Record<string, readonly string[]>>
}

/** A provider that the configuration adds; its key is never answered. */
export interface OwnProvider {
  readonly type?: string
  readonly address?: string
  readonly model?: string
  readonly threshold?: number
}

/** GET /config/analysis */
export interface Configuration {
  readonly config: Settings & { readonly own_providers?: Readonly<Record<string, OwnProvider>> }
  readonly defaults: Settings
  readonly limits: Readonly<Record<string, readonly [number, number]>>
}

/** One of GET /providers, and the kinds that it can look for. */
export interface AbleProvider {
  readonly name: string
  /** The same as its name, unless the configuration adds it. */
  readonly type: string
  readonly kinds: readonly string[]
  readonly has_key: boolean
}

export const NONE: Settings = {
  kinds: [],
  providers: {},
  threshold: {},
  brands: [],
  sampling: {},
  speech: {},
  words: {},
}

/** `base` overridden by `own`: lists as a whole, objects key by key. */
export function over(own: Settings, base: Settings): Settings {
  return {
    kinds: own.kinds.length > 0 ? own.kinds : base.kinds,
    providers: { ...base.providers, ...own.providers },
    threshold: { ...base.threshold, ...own.threshold },
    brands: own.brands.length > 0 ? own.brands : base.brands,
    sampling: { ...base.sampling, ...own.sampling },
    speech: { ...base.speech, ...own.speech },
    words: { ...base.words, ...own.words },
  }
}

export type Patch = Readonly<Record<string, unknown>>
const OBJECTS = ['providers', 'threshold', 'sampling', 'speech', 'words'] as const
const LISTS = ['kinds', 'brands'] as const

/** The merge patch (RFC 7396) that makes `after` of `before`: only what differs, null where it is taken away. */
export function changes(before: Settings, after: Settings): Patch {
  const patch: Record<string, unknown> = {}
  for (const name of LISTS) if (!same(before[name], after[name])) patch[name] = after[name]
  for (const name of OBJECTS) {
    const [from, to]: Readonly<Record<string, unknown>>[] = [{ ...before[name] }, { ...after[name] }]
    const keys = new Set([...Object.keys(from ?? {}), ...Object.keys(to ?? {})])
    const differ = [...keys].filter((key) => !same(from?.[key], to?.[key]))
    if (differ.length > 0) patch[name] = Object.fromEntries(differ.map((key) => [key, to?.[key] ?? null]))
  }
  return patch
}

/** Number of settings that a patch changes. */
export function count(patch: Patch): number {
  const size = (value: unknown): number => (isObject(value) ? Object.keys(value).length : 1)
  return Object.values(patch).reduce<number>((sum, value) => sum + size(value), 0)
}

/** `settings` after a merge patch. */
export function patched(settings: Settings, patch: Patch): Settings {
  const merged: Record<string, unknown> = { ...settings }
  for (const [name, value] of Object.entries(patch)) {
    if (!isObject(value)) {
      merged[name] = value
      continue
    }
    const inner = { ...(merged[name] as Record<string, unknown>), ...value }
    merged[name] = Object.fromEntries(Object.entries(inner).filter(([, one]) => one !== null))
  }
  return merged as unknown as Settings
}

/** Without `key`: then what is below it holds. */
export function without<T>(object: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
}

/** The list with the item at `from` moved by `step`. */
export function moved<T>(items: readonly T[], from: number, step: number): readonly T[] {
  const rest = items.filter((_, at) => at !== from)
  return [...rest.slice(0, from + step), ...items.slice(from, from + 1), ...rest.slice(from + step)]
}

/** The setting that a refusal names, as "sampling.change"; empty where it names none. */
export function fieldOf(detail: string): string {
  return /'(?:settings\.)?([a-z_]+(?:\.[a-z_]+)*)/.exec(detail)?.[1] ?? ''
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
