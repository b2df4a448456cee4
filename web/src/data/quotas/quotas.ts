import type { Shape } from '../api/answers'
import { bytes, dollars, number, stamp } from '../format'
import type { Problem } from '../health/problems'

export type TenantQuotas = Shape<'QuotaAnswer'>
export type StreamQuotas = Shape<'StreamQuotaAnswer'>
export type QuotaName = keyof TenantQuotas['limits']
export type StreamQuotaName = keyof StreamQuotas['limits']

/** A limit as the page shows and changes it. */
export interface Explained {
  readonly name: QuotaName
  readonly label: string
  readonly about: string
  /** The unit of the field that changes it. */
  readonly unit: string
  /** Factor from the field's number to the stored one. */
  readonly scale: number
  readonly step: number
  readonly shown: (amount: number) => string
}

/** A limit with what is used of it. */
export interface Row extends Explained {
  readonly used: number
  readonly limit: number
  /** Of the limit, 0 to 1; more where it was lowered since. */
  readonly share: number
}

const GIGA = 1e9
const hours = (amount: number): string => `${Number(amount.toFixed(amount < 10 ? 2 : 1))} h`

const EXPLAINED: Readonly<Record<QuotaName, Omit<Explained, 'name'>>> = {
  media_hours_day: {
    label: 'Media a day',
    about: 'Live and imported together. Beyond it sessions end, and none begins.',
    unit: 'hours',
    scale: 1,
    step: 0.1,
    shown: hours,
  },
  media_bytes_day: {
    label: 'Bytes of media a day',
    about: 'Beyond it sessions end, and none begins.',
    unit: 'GB',
    scale: GIGA,
    step: 1,
    shown: bytes,
  },
  stored_bytes: {
    label: 'Media that are kept',
    about: 'Of all streams, until they expire. Beyond it no session begins.',
    unit: 'GB',
    scale: GIGA,
    step: 1,
    shown: bytes,
  },
  upload_bytes_day: {
    label: 'Uploads a day',
    about: 'Beyond it no upload begins.',
    unit: 'GB',
    scale: GIGA,
    step: 1,
    shown: bytes,
  },
  imports_at_once: {
    label: 'Imports at once',
    about: 'Others wait for their turn.',
    unit: 'imports',
    scale: 1,
    step: 1,
    shown: number,
  },
  frames_day: {
    label: 'Analysed frames a day',
    about: 'That paid providers see. Beyond it only free providers look; streams go on.',
    unit: 'frames',
    scale: 1,
    step: 1,
    shown: number,
  },
  usd_day: {
    label: 'Cost a day',
    about: 'Of paid providers and transcripts. Beyond it only free providers look; streams go on.',
    unit: '$',
    scale: 1,
    step: 0.01,
    shown: dollars,
  },
}

const row = (name: QuotaName, used: number, limit: number): Row => ({
  name,
  ...EXPLAINED[name],
  used,
  limit,
  share: limit > 0 ? used / limit : 1,
})

/** The limits of a tenant. */
export function ofTenant({ limits, used }: TenantQuotas): readonly Row[] {
  return [
    row('media_hours_day', used.media_seconds_today / 3600, limits.media_hours_day),
    row('media_bytes_day', used.media_bytes_today, limits.media_bytes_day),
    row('stored_bytes', used.stored_bytes, limits.stored_bytes),
    row('upload_bytes_day', used.upload_bytes_today, limits.upload_bytes_day),
    row('imports_at_once', used.imports_now, limits.imports_at_once),
    row('frames_day', used.frames_today, limits.frames_day),
    row('usd_day', used.usd_today, limits.usd_day),
  ]
}

/** The limits of a stream. */
export function ofStream({ limits, used }: StreamQuotas): readonly Row[] {
  return [
    row('media_hours_day', used.media_seconds_today / 3600, limits.media_hours_day),
    row('frames_day', used.frames_today, limits.frames_day),
    row('usd_day', used.usd_today, limits.usd_day),
  ]
}

/** What is nearly, or wholly, used up of a stream or its tenant: for its page, before it happens. */
export function warnings(quotas: StreamQuotas): readonly Problem[] {
  const { stream, reached, forecast, day_ends, warned_from } = quotas
  const again = stamp(Date.parse(day_ends))
  const found: Problem[] = reached.map((words) => ({
    id: `reached/${words}`,
    tone: 'bad',
    title: `${words.charAt(0).toUpperCase()}${words.slice(1)}`,
    advice: 'An operator can raise the limit of a stream, those who run the deployment that of its tenant.',
    stream,
  }))
  for (const { name, share, used, limit, shown } of ofStream(quotas)) {
    if (share < warned_from || share >= 1) continue
    const media = name === 'media_hours_day'
    found.push({
      id: `near/${name}`,
      tone: 'warn',
      title: `${shown(used)} of today’s ${shown(limit)} ${NOUNS[name] ?? ''} are used`,
      advice: media
        ? `Then the stream ends; it may begin again at ${again}.`
        : `Then only free providers look, until ${again}.`,
      stream,
    })
  }
  if (forecast?.budget_at && !found.some(({ id }) => id === 'near/usd_day')) {
    found.push({
      id: 'forecast',
      tone: 'warn',
      title: `At the present pace today’s budget of ${dollars(quotas.limits.usd_day)} is reached at ${stamp(Date.parse(forecast.budget_at))}`,
      advice: `Then only free providers look, until ${again}.`,
      stream,
    })
  }
  return found
}

const NOUNS: Partial<Record<QuotaName, string>> = {
  media_hours_day: 'of media',
  frames_day: 'analysed frames',
  usd_day: 'for providers',
}

/** The day's cost as it looks now; null while that is not known. */
export function foretold({ used, limits, forecast }: StreamQuotas): string | null {
  if (!forecast || forecast.usd_per_hour === 0) return null
  const pace = `${dollars(forecast.usd_per_hour)} an hour`
  if (used.usd_today >= limits.usd_day) return null
  if (forecast.budget_at) return `At ${pace} the budget is reached at ${stamp(Date.parse(forecast.budget_at))}.`
  return `At ${pace} the day will cost ${dollars(forecast.usd_day)}.`
}

/** The body that changes the limits whose fields differ: empty fields are the deployment's own limit again. */
export function changed(rows: readonly Row[], written: ReadonlyMap<string, string>): Record<string, number | null> {
  const body: Record<string, number | null> = {}
  for (const { name, limit, scale } of rows) {
    const text = written.get(name)
    if (text === undefined) continue
    const most = text.trim() === '' ? null : Number((Number(text) * scale).toPrecision(15))
    if (most !== limit) body[name] = most
  }
  return body
}
