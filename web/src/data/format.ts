/** Numbers and times for people. */

/** 3:07, or 1:02:03 from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (n: number): string => String(n).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** 3:07.25: for instants within a picture's neighbourhood. */
export function instant(seconds: number): string {
  const hundredths = Math.round(Math.max(0, seconds) * 100)
  return `${clock(Math.floor(hundredths / 100))}.${String(hundredths % 100).padStart(2, '0')}`
}

export const percent = (share: number): string => `${Math.round(share * 100)} %`

/** 9.4 %, or 24 % where a digit more says nothing. */
export const share = (value: number): string => (value >= 0.0995 ? percent(value) : `${(value * 100).toFixed(1)} %`)

export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`

/** 12,345: digits and commas as in the rest of the page, whatever the reader's language. */
export const number = (value: number): string => value.toLocaleString('en')

export type Stamp = 'minute' | 'second' | 'full'
const STAMPS: Readonly<Record<Stamp, Intl.DateTimeFormatOptions>> = {
  minute: { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' },
  second: { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  full: { dateStyle: 'medium', timeStyle: 'medium' },
}

/** A date and time in the reader's language and zone, with the page's own digits. `when`: ms since 1970. */
export const stamp = (when: number, upTo: Stamp = 'minute'): string => formatted(when, STAMPS[upTo])

/** Those of a list, with the zone where two would be alike: an hour that a clock goes through twice. */
export function stamps(whens: readonly number[], upTo: Stamp = 'minute'): readonly string[] {
  const plain = whens.map((when) => stamp(when, upTo))
  const zoned = whens.map((when) => formatted(when, { ...STAMPS[upTo], timeZoneName: 'shortOffset' }))
  const zones = plain.map((text, i) => new Set(zoned.filter((_, other) => plain[other] === text)).size > 1 && zoned[i])
  return plain.map((text, i) => zones[i] || text)
}

const formatted = (when: number, options: Intl.DateTimeFormatOptions): string =>
  new Date(when).toLocaleString(undefined, { ...options, numberingSystem: 'latn' })

const AGO = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const UNITS = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** "3 hours ago", "yesterday"; what is less than a minute ago is "just now". Both in ms since 1970. */
export function ago(when: number, now: number): string {
  const passed = (now - when) / 1000
  const [unit, length] = UNITS.find(([, size]) => passed >= size) ?? ['minute', 0]
  return length === 0 ? 'just now' : AGO.format(-Math.floor(passed / length), unit)
}

/** 1.4 GB, 12.0 MB, 300 kB. */
export function bytes(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} GB`
  return count >= 1e6 ? `${(count / 1e6).toFixed(1)} MB` : `${Math.round(count / 1000)} kB`
}

const KINDS: Readonly<Record<string, string>> = {
  logo: 'logo',
  text: 'text',
  object: 'object',
  label: 'scene',
  face: 'face',
  safe_search: 'safe search',
}
export const kindName = (kind: string): string => KINDS[kind] ?? kind

const PLURALS: Readonly<Record<string, string>> = {
  logo: 'Logos',
  text: 'Text',
  object: 'Objects',
  label: 'Scene',
  face: 'Faces',
  safe_search: 'Safe search',
}
export const kindPlural = (kind: string): string => PLURALS[kind] ?? kind

const PROVIDERS: Readonly<Record<string, string>> = {
  vision: 'Cloud Vision',
  clip: 'CLIP',
  owl: 'OWLv2',
  gallery: 'Gallery',
  local: 'Local',
  speech: 'Speech-to-Text',
}
export const providerName = (provider: string): string => PROVIDERS[provider] ?? provider

/** Display name of a detection; text is quoted, because it was read rather than recognised. */
export const title = (label: string, kind: string): string => (kind === 'text' ? `“${label}”` : label)

const CODECS: readonly (readonly [RegExp, string])[] = [
  [/^(avc|h264)/i, 'H.264'],
  [/^(hvc|hev|h265)/i, 'H.265'],
  [/^(mp4a|aac)/i, 'AAC'],
  [/^(av01|av1)/i, 'AV1'],
]

/** "avc1.64001f,mp4a.40.2" as "H.264, AAC". */
export function codecNames(codecs: string): string {
  const name = (codec: string): string => CODECS.find(([pattern]) => pattern.test(codec))?.[1] ?? codec
  return codecs
    .split(/[,+]/)
    .map((codec) => name(codec.trim()))
    .join(', ')
}

/** 4.9 Mbit/s, 640 kbit/s. */
export const bitRate = (perSecond: number): string =>
  perSecond >= 1e6 ? `${(perSecond / 1e6).toFixed(1)} Mbit/s` : `${Math.round(perSecond / 1000)} kbit/s`

/** A duration: 340 ms, 1.2 s, 48 s, 3 min, 2 h. */
export function elapsed(milliseconds: number): string {
  const passed = Math.max(0, milliseconds)
  if (passed < 999.5) return `${Math.round(passed)} ms`
  if (passed < 9950) return `${(passed / 1000).toFixed(1)} s`
  if (passed < 99_500) return `${Math.round(passed / 1000)} s`
  return passed < 5_970_000 ? `${Math.round(passed / 60_000)} min` : `${Math.round(passed / 3_600_000)} h`
}

/** $5.40, $0.012: as many digits as say something. */
export function dollars(amount: number): string {
  const digits = amount === 0 || amount >= 0.995 ? 2 : Math.min(6, Math.max(2, 1 - Math.floor(Math.log10(amount))))
  return `$${amount.toFixed(digits)}`
}
