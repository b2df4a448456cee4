import { describe, expect, it } from 'vitest'
import type { Frame } from '../../data/documents/model'
import { chosenBy, kept } from './choice'
import { Coverage, type Stretch } from './coverage'
import { Follower } from './follow'
import { History } from './history'
import { between, hit, lanesOf, nearest } from './lanes'
import { joined, type Look, lookOf, type Seen, snapshotOf } from './looks'
import { readMinutes } from './minutes'
import { entire, follow, isWhole, pan, reveal, Scale, ticks, zoom } from './view'

const seen = (...labels: readonly string[]): readonly Seen[] => labels.map((label) => ({ label, confidence: 0.9 }))
const look = (time: number, logo: readonly Seen[] | null, more: Record<string, readonly Seen[] | null> = {}): Look => ({
  ms: time * 1000,
  kinds: new Map(Object.entries({ logo, ...more })),
  followed: new Map(),
})
/** A look that leads to the next one, with spans of labels. */
const led = (one: Look, to: number, ...spans: readonly (readonly [string, number, number])[]): Look => ({
  ...one,
  followed: new Map([
    ['logo', { to: to * 1000, spans: spans.map(([label, from, end]) => ({ label, confidence: 0.9, from, to: end })) }],
  ]),
})
const known = (...parts: readonly (readonly [number, number])[]): Coverage =>
  new Coverage(parts.map(([from, to]): Stretch => ({ from, to })))
const followed = (looks: readonly Look[], coverage: Coverage): unknown[] =>
  [...new Follower().follow(looks, coverage)]
    .sort((a, b) => a.from - b.from || a.label.localeCompare(b.label))
    .map(({ label, from, to }) => [label, from, to])

describe('coverage', () => {
  it('joins what overlaps, and what lies a rounding apart', () => {
    expect(known([4, 6.02], [0, 2], [1.95, 4], [8, 9]).stretches).toEqual([
      { from: 0, to: 6.02 },
      { from: 8, to: 9 },
    ])
  })

  it('says how far it is known from an instant on', () => {
    const coverage = known([0, 10], [20, 30])
    expect([coverage.until(4, 6), coverage.until(4, 25), coverage.until(12, 25), coverage.until(20, 99)]).toEqual([
      6, 10, 12, 30,
    ])
  })

  it('differs from the first instant on of which another says something else', () => {
    expect(known([0, 10]).differs(known([0, 12]))).toBe(10)
    expect(known([0, 10]).differs(known([0, 10], [20, 30]))).toBe(20)
    expect(known([0, 10]).differs(known([0, 10]))).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('appearances', () => {
  it('last until the look that misses them', () => {
    const looks = [look(0, seen('a')), look(1, seen('a', 'b')), look(5, seen('b')), look(6, [])]
    expect(followed(looks, known([0, 8]))).toEqual([
      ['a', 0, 5],
      ['b', 1, 6],
    ])
  })

  it('hold on over segments without frames, which inherit, and end where nothing was sampled', () => {
    expect(followed([look(0, seen('a'))], known([0, 2], [2, 4], [4, 6]))).toEqual([['a', 0, 6]])
    expect(followed([look(0, seen('a')), look(60, seen('a'))], known([0, 10], [60, 62]))).toEqual([
      ['a', 0, 10],
      ['a', 60, 62],
    ])
  })

  it('begin and end where tracks do', () => {
    const looks = [
      led(look(0, seen('a')), 1, ['a', 0, 0.4], ['b', 0.6, 1]),
      led(look(1, seen('b')), 2, ['b', 1, 1.5], ['b', 1.8, 2]),
      look(2, seen('b')),
    ]
    expect(followed(looks, known([0, 4]))).toEqual([
      ['a', 0, 0.4],
      ['b', 0.6, 1.5],
      ['b', 1.8, 4],
    ])
  })

  it('lead over a look that has missed them, and end there if nothing leads on', () => {
    const to = (time: number): Look => led(look(time - 1, time === 1 ? seen('a') : []), time, ['a', time - 1, time])
    expect(followed([to(1), to(2), look(2, [])], known([0, 4]))).toEqual([['a', 0, 2]])
    expect(followed([to(1), look(1, []), look(2, [])], known([0, 4]))).toEqual([['a', 0, 1]])
  })

  it('take no notice of tracks to another look than the next one', () => {
    const looks = [led(look(0, seen('a')), 2, ['a', 0, 0.4]), look(1, seen('a'))]
    expect(followed(looks, known([0, 2]))).toEqual([['a', 0, 2]])
  })

  it('go on over up to three seconds of which nothing is known', () => {
    expect(followed([look(0, seen('a')), look(4, seen('a'))], known([0, 1.5], [4, 5]))).toEqual([['a', 0, 5]])
  })

  it('are not ended by a look whose analysis failed or has yet to come', () => {
    const pending: Look = { ms: 2000, kinds: new Map() }
    expect(followed([look(0, seen('a')), look(1, null), pending, look(3, seen('a'))], known([0, 4]))).toEqual([
      ['a', 0, 4],
    ])
  })

  it('of one kind are not ended by looks of another', () => {
    const looks = [look(0, seen('a')), { ms: 1000, kinds: new Map([['text', []]]) }, look(2, seen('a'))]
    expect(followed(looks, known([0, 3]))).toEqual([['a', 0, 3]])
  })

  it('know when they were surest', () => {
    const looks = [
      look(0, [{ label: 'a', confidence: 0.6 }]),
      look(1, [{ label: 'a', confidence: 0.8 }]),
      look(2, seen()),
    ]
    expect(new Follower().follow(looks, known([0, 3]))[0]).toMatchObject({ confidence: 0.8, surest: 1, from: 0, to: 2 })
  })
})

describe('following what grows', () => {
  const labels = ['a', 'b', 'c', 'd']
  const looks = Array.from({ length: 3000 }, (_, at) =>
    look(at, seen(...labels.filter((_, bit) => ((at * 7) >> bit) & 1))),
  )

  it('says the same as from the start, and follows little again', () => {
    const follower = new Follower()
    for (let count = 100; count <= looks.length; count += 100) {
      const grown = looks.slice(0, count)
      const coverage = known([0, count])
      const found = follower.follow(grown, coverage)
      if (count % 1000 !== 0) continue
      const sorted = (all: readonly unknown[]): string =>
        all
          .map((one) => JSON.stringify(one))
          .sort()
          .join('')
      expect(sorted(found)).toBe(sorted(new Follower().follow(grown, coverage)))
    }
    // From the start it would be 46,500.
    expect(follower.followed).toBeLessThan(13_000)
  })

  it('goes back to what changed: a late result, and a part that was read later', () => {
    const follower = new Follower()
    follower.follow(looks, known([0, 3000]))
    const changed = looks.with(1500, look(1500, seen('late')))
    for (const [all, coverage] of [
      [changed, known([0, 3000])],
      [changed, known([0, 700], [900, 3000])],
      [changed.slice(400), known([900, 3000])],
    ] as const) {
      const again = new Set(follower.follow(all, coverage).map((one) => JSON.stringify(one)))
      expect(again).toEqual(new Set(new Follower().follow(all, coverage).map((one) => JSON.stringify(one))))
    }
  })
})

describe('looks', () => {
  it('of a frame name each label once, the surest; a failure is null', () => {
    const detection = (label: string, confidence: number) => ({ label, confidence, kind: 'logo', box: null })
    const analysis = { provider: 'vision', model: '', tookMs: 1, fallbackFrom: null, analyzedAt: 0 }
    const frame = {
      time: 1.5,
      analyses: new Map([
        ['logo', { ...analysis, error: null, detections: [detection('a', 0.5), detection('a', 0.9)] }],
        ['text', { ...analysis, error: { code: 'quota-exceeded', message: 'quota' }, detections: [] }],
      ]),
    } as unknown as Frame
    expect(lookOf(frame)).toEqual({
      ms: 1500,
      kinds: new Map<string, unknown>([
        ['logo', [{ label: 'a', confidence: 0.9 }]],
        ['text', null],
      ]),
    })
    expect(lookOf(frame)).toBe(lookOf(frame))
  })

  it('of two sources are one list; where both have one, the first counts', () => {
    const [a, b, c, other] = [look(0, []), look(1, []), look(2, []), look(1, seen('old'))]
    expect(joined([b], [a, other, c])).toEqual([a, b, c])
    expect(joined([a, b, c], [])).toEqual([a, b, c])
    expect(joined([a], [c])).toEqual([a, c])
  })

  it('have a snapshot by name', () => {
    expect(snapshotOf('s', 'x', 12480)).toBe('frames/s/x/0000012480.jpg')
    const imported = '20260131T235959Z-0123456789ab'
    expect(snapshotOf('s', imported, 0)).toBe(`batch/frames/s/${imported}/0000000000.jpg`)
  })
})

describe('minutes', () => {
  it('of all kinds are one list of looks, and of stretches', () => {
    const found = readMinutes([
      { minute: 0, kind: 'logo', looks: { '0000002000': [{ label: 'a', confidence: 0.9 }], '0000000000': null } },
      { minute: 0, kind: 'text', looks: { '0000002000': [] } },
      { minute: 0, segments: { '00000001': [2000, 4000], '00000000': [0, 2000] } },
    ])
    expect(found.looks.map(({ ms, kinds }) => [ms, Object.fromEntries(kinds)])).toEqual([
      [0, { logo: null }],
      [2000, { logo: [{ label: 'a', confidence: 0.9 }], text: [] }],
    ])
    expect(found.stretches).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ])
  })

  it('say when labels are there between two looks, where they were followed', () => {
    const labels = [{ label: 'a', confidence: 0.9, times: [0, 400, 700, 1000] }, { label: 7 }]
    const documents = [
      {
        kind: 'logo',
        looks: { '0000000000': [{ label: 'a', confidence: 0.9 }], '0000001000': [{ label: 'a', confidence: 0.8 }] },
      },
      { kind: 'logo', followed: { '0000000000': { to: 1000, labels }, '0000001000': { labels } } },
    ]
    const { looks } = readMinutes(documents)
    expect(looks.map((one) => one.followed?.get('logo')?.spans.length)).toEqual([2, undefined])
    expect(followed(looks, known([0, 2]))).toEqual([
      ['a', 0, 0.4],
      ['a', 0.7, 2],
    ])
  })

  it('leave out what is malformed', () => {
    expect(
      readMinutes([{ kind: 'logo', looks: { '0000000000': [{ label: 7 }, 'x'] } }, { segments: { '0': ['a'] } }]),
    ).toEqual({ looks: [{ ms: 0, kinds: new Map([['logo', []]]) }], stretches: [] })
  })
})

describe('lanes', () => {
  const one = (label: string, from: number, to: number, kind = 'logo') => ({
    kind,
    label,
    from,
    to,
    confidence: 0.9,
    surest: from,
  })
  const lanes = lanesOf([
    one('b', 4, 5),
    one('a', 0, 1),
    one('word', 0, 90, 'text'),
    one('b', 0, 2),
    one('thing', 0, 1, 'object'),
  ])
  const b = lanes[0]
  if (!b) throw new Error('no lane')

  it('are by kind, then what was seen longest', () => {
    expect(lanes.map(({ key }) => key)).toEqual(['logo/b', 'logo/a', 'object/thing', 'text/word'])
    expect([...b.from]).toEqual([0, 4])
  })

  it('find what is in view, what is hit, and what is nearest', () => {
    expect(between(b, 1, 3)).toEqual([0, 1])
    expect(between(b, 2.5, 3)).toEqual([1, 1])
    expect(between(b, -1, 9)).toEqual([0, 2])
    expect([hit(b, 4.5, 0), hit(b, 3.7, 0.5), hit(b, 3, 0.5)]).toEqual([1, 1, -1])
    expect([nearest(b, -5), nearest(b, 1.9), nearest(b, 2.1), nearest(b, 99)]).toEqual([0, 0, 1, 1])
  })

  it('are walked with keys, from what is played on', () => {
    const first = chosenBy({ type: 'next', by: 1 }, lanes, null, 3.9)
    expect(first).toEqual({ lane: 0, at: 1 })
    expect(chosenBy({ type: 'next', by: 1 }, lanes, first, 0)).toEqual({ lane: 0, at: 1 })
    expect(chosenBy({ type: 'first' }, lanes, first, 0)).toEqual({ lane: 0, at: 0 })
    expect(chosenBy({ type: 'lane', by: 1 }, lanes, first, 0)).toEqual({ lane: 1, at: 0 })
    expect(chosenBy({ type: 'lane', by: -1 }, lanes, first, 0)).toEqual(first)
    expect(chosenBy({ type: 'last' }, lanes, { lane: 0, at: 0 }, 0)).toEqual({ lane: 0, at: 1 })
    expect(chosenBy({ type: 'next', by: 1 }, [], null, 0)).toBeNull()
  })

  it('keep what is chosen when others come, and drop it with its lane', () => {
    const more = lanesOf([one('new', 0, 50), one('b', 0, 2), one('b', 2.5, 3), one('b', 4, 5)])
    expect(kept({ lane: 0, at: 1 }, lanes, more)).toEqual({ lane: 1, at: 2 })
    expect(kept({ lane: 3, at: 0 }, lanes, more)).toBeNull()
  })
})

describe('history', () => {
  it('joins what is watched with what was read, and lays out only what is new', () => {
    const history = new History()
    const sources = { frames: [], segments: [], looks: [look(0, seen('a'))], stretches: [{ from: 0, to: 30 }] }
    expect(history.update(sources)).toBe(true)
    expect(history.update({ ...sources })).toBe(false)
    expect(history.lanes.map(({ label, seconds }) => [label, seconds])).toEqual([['a', 30]])
    expect([history.end, history.lookAt(12)?.ms, new History().lookAt(1)]).toEqual([30, 0, null])
  })
})

describe('the view', () => {
  it('zooms about an instant, within the session, and no closer than a few seconds', () => {
    expect(zoom(entire(100), 0.5, 20, 100)).toEqual({ from: 10, to: 60 })
    expect(zoom(entire(100), 0.5, 0, 100)).toEqual({ from: 0, to: 50 })
    expect(zoom({ from: 10, to: 60 }, 9, 20, 100)).toEqual(entire(100))
    expect(zoom(entire(100), 0.001, 50, 100)).toEqual({ from: 48, to: 52 })
  })

  it('is moved no further than the session goes', () => {
    expect(pan({ from: 10, to: 60 }, 90, 100)).toEqual({ from: 50, to: 100 })
    expect(pan({ from: 10, to: 60 }, -90, 100)).toEqual({ from: 0, to: 50 })
  })

  it('moves as little as shows what is chosen', () => {
    expect(reveal({ from: 0, to: 50 }, 10, 20, 100)).toEqual({ from: 0, to: 50 })
    expect(reveal({ from: 0, to: 50 }, 60, 61, 100)).toEqual({ from: 15, to: 65 })
    expect(reveal({ from: 50, to: 100 }, 20, 30, 100)).toEqual({ from: 16, to: 66 })
  })

  it('follows a session that grows, unless it looks elsewhere', () => {
    expect(follow(entire(100), 100, 102)).toEqual(entire(102))
    expect(follow({ from: 80, to: 100 }, 100, 102)).toEqual({ from: 82, to: 102 })
    expect(follow({ from: 10, to: 40 }, 100, 102)).toEqual({ from: 10, to: 40 })
    expect(isWhole(entire(102), 102)).toBe(true)
  })

  it('has round instants on its axis, with room between', () => {
    expect(ticks(new Scale({ from: 0, to: 3600 }, 1000))).toEqual([
      0, 300, 600, 900, 1200, 1500, 1800, 2100, 2400, 2700, 3000, 3300, 3600,
    ])
    expect(ticks(new Scale({ from: 61, to: 71 }, 500))).toEqual([62, 64, 66, 68, 70])
  })
})
