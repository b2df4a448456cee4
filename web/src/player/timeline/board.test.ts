import { describe, expect, it } from 'vitest'
import { Board, FEW } from './board'
import type { Look } from './looks'
import { ROW } from './paint'

/** Ten labels; each is on for ten seconds of every twenty, one longer than the next. */
const LOOKS: readonly Look[] = Array.from({ length: 100 }, (_, second) => ({
  ms: second * 1000,
  kinds: new Map([
    [
      'logo',
      Array.from({ length: 10 }, (_, at) => ({ label: `label ${at}`, confidence: 0.9 })).filter(
        (_, at) => second % 20 < 10 - at / 2,
      ),
    ],
    ['text', second % 50 === 0 ? [{ label: 'GO', confidence: 0.8 }] : []],
  ]),
}))
const SOURCES = { frames: [], segments: [], looks: LOOKS, stretches: [{ from: 0, to: 100 }] }

function board(): Board {
  const made = new Board()
  made.update(SOURCES, 0)
  return made
}

describe('a board', () => {
  it('shows a few lanes, and all that there are when asked', () => {
    const made = board()
    expect(made.lanes).toHaveLength(FEW)
    made.select('', true)
    expect(made.lanes).toHaveLength(11)
    made.select('text', true)
    expect(made.lanes.map(({ label }) => label)).toEqual(['GO'])
    expect([made.kinds, made.count]).toEqual([['logo', 'text'], 2])
  })

  it('shows the whole session, and grows with it', () => {
    const made = board()
    expect(made.view).toEqual({ from: 0, to: 100 })
    made.update(SOURCES, 130)
    expect(made.view).toEqual({ from: 0, to: 130 })
    expect(made.whole).toBe(true)
    made.zoom(0.5)
    expect(made.whole).toBe(false)
    made.fit()
    expect(made.whole).toBe(true)
  })

  it('knows what lies at a place, a few pixels more or less', () => {
    const made = board()
    expect(made.at(50, ROW / 2, 1000)).toEqual({ lane: 0, at: 0 })
    expect(made.at(103, ROW / 2, 1000)).toEqual({ lane: 0, at: 0 })
    expect(made.at(150, ROW / 2, 1000)).toBeNull()
    expect(made.at(250, ROW * 1.5, 1000)).toEqual({ lane: 1, at: 1 })
    expect(made.at(250, ROW * 40, 1000)).toBeNull()
  })

  it('keeps what is chosen among other lanes, and brings it into view', () => {
    const made = board()
    made.zoom(0.2, 0)
    made.choose({ lane: 2, at: 3 })
    expect(made.chosen).toMatchObject({ label: 'label 2', from: 60 })
    expect(made.view.from).toBeLessThan(60)
    expect(made.view.to).toBeGreaterThan(made.chosen?.to ?? 0)
    made.select('logo', true)
    expect(made.chosen).toMatchObject({ label: 'label 2', from: 60 })
    made.select('text', true)
    expect(made.chosen).toBeNull()
  })

  it('finds the look that speaks for an instant, of an appearance none before it', () => {
    const made = board()
    expect([made.lookAt(12.9), made.lookAt(2, 5), new Board().lookAt(1)]).toEqual([12_000, 5000, null])
  })
})
