import { describe, expect, it } from 'vitest'
import type { Moment } from '../../player/overlay/timeline'
import { Announcer } from './announcer'

describe('the announcer', () => {
  const moment = (...labels: string[]): Moment =>
    ({ status: 'covered', frame: null, shown: labels.map((label) => ({ label })) }) as unknown as Moment

  it('says what is new, and no more often than every few seconds', () => {
    const announcer = new Announcer(5000)
    expect(announcer.say(moment('Velox', 'Nordlys', 'Velox'), 0)).toBe('On the picture: Nordlys, Velox')
    expect(announcer.say(moment('Velox'), 4000)).toBeNull()
    expect(announcer.say(moment('Velox'), 6000)).toBe('On the picture: Velox')
    expect(announcer.say(moment('Velox'), 60_000)).toBeNull()
    expect(announcer.say(moment(), 61_000)).toBe('Nothing detected on the picture')
  })
})
