import { describe, expect, it } from 'vitest'
import { changed, foretold, ofStream, ofTenant, type StreamQuotas, type TenantQuotas, warnings } from './quotas'

const STREAM: StreamQuotas = {
  stream: 'studio',
  tenant: 'main',
  limits: { media_hours_day: 10, frames_day: 1000, usd_day: 20 },
  used: { media_seconds_today: 3600, frames_today: 10, usd_today: 2 },
  warned_from: 0.8,
  reached: [],
  forecast: null,
  day_ends: '2026-05-05T00:00:00+00:00',
}
const TENANT: TenantQuotas = {
  tenant: 'main',
  limits: {
    media_hours_day: 100,
    media_bytes_day: 5e12,
    stored_bytes: 5e13,
    upload_bytes_day: 5e11,
    imports_at_once: 10,
    frames_day: 1e6,
    usd_day: 1000,
  },
  used: {
    media_seconds_today: 5400,
    media_bytes_today: 2.5e12,
    stored_bytes: 0,
    upload_bytes_today: 0,
    imports_now: 2,
    frames_today: 7,
    usd_today: 0.0105,
  },
  day_ends: '2026-05-05T00:00:00+00:00',
}

describe('the limits of a tenant', () => {
  it('are shown with what is used, in the units of people', () => {
    const rows = ofTenant(TENANT)
    expect(rows.map(({ used, shown }) => shown(used))).toEqual([
      '1.5 h',
      '2500.00 GB',
      '0 kB',
      '0 kB',
      '2',
      '7',
      '$0.011',
    ])
    expect(rows.map(({ share }) => Number(share.toFixed(6)))).toEqual([0.015, 0.5, 0, 0, 0.2, 0.000007, 0.000011])
  })

  it('that are 0 are used up', () => {
    expect(ofStream({ ...STREAM, limits: { ...STREAM.limits, usd_day: 0 } }).map(({ share }) => share)[2]).toBe(1)
  })

  it('are changed where a field differs, and an empty one is the deployment’s own', () => {
    const rows = ofTenant(TENANT)
    const written = new Map([
      ['media_hours_day', '100'],
      ['upload_bytes_day', '0.3'],
      ['usd_day', ' '],
    ])
    expect(changed(rows, written)).toEqual({ upload_bytes_day: 3e8, usd_day: null })
  })
})

describe('the warnings of a stream', () => {
  it('are none while there is room', () => {
    expect(warnings(STREAM)).toEqual([])
  })

  it('come from four fifths on, with the consequence', () => {
    const near = { ...STREAM, used: { media_seconds_today: 8.5 * 3600, frames_today: 10, usd_today: 17 } }
    expect(warnings(near).map(({ title }) => title)).toEqual([
      '8.5 h of today’s 10 h of media are used',
      '$17.00 of today’s $20.00 for providers are used',
    ])
    expect(warnings(near)[0]?.advice).toContain('the stream ends')
    expect(warnings(near)[1]?.advice).toContain('only free providers look')
  })

  it('say what is used up in the API’s own words', () => {
    const over = { ...STREAM, used: { ...STREAM.used, usd_today: 20 }, reached: ['stream studio has used up its $20'] }
    expect(warnings(over).map(({ title, tone }) => [title, tone])).toEqual([
      ['Stream studio has used up its $20', 'bad'],
    ])
  })

  it('name the time at which the budget is reached at the present pace', () => {
    const forecast = { usd_per_hour: 3, usd_day: 38, budget_at: '2026-05-04T18:00:00+00:00' }
    const [one] = warnings({ ...STREAM, forecast })
    expect(one?.title).toContain('today’s budget of $20.00 is reached at ')
    expect(foretold({ ...STREAM, forecast })).toContain('At $3.00 an hour the budget is reached at ')
    expect(foretold({ ...STREAM, forecast: { ...forecast, usd_day: 18, budget_at: null } })).toBe(
      'At $3.00 an hour the day will cost $18.00.',
    )
    expect(foretold(STREAM)).toBeNull()
  })
})
