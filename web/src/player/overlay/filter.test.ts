import { describe, expect, it } from 'vitest'
import { toFrame } from '../../data/documents/documents'
import { Filter } from './filter'
import { NOTHING, type Shown } from './timeline'

const one = (label: string, kind = 'logo', confidence = 0.9): Shown =>
  ({ label, kind, confidence, box: null }) as unknown as Shown
const again = (filter: Filter): Filter => {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(filter.parameters)) if (value !== null) query.set(name, value)
  return Filter.read(new URLSearchParams(query.toString()))
}

describe('a filter', () => {
  it('lets everything pass until something is hidden', () => {
    expect(new Filter().open).toBe(true)
    expect(new Filter().passes(one('Velox', 'logo', 0))).toBe(true)
    expect(new Filter().parameters).toEqual({ hide: null, without: null, least: null })
  })

  it('hides a kind, and shows it again', () => {
    const hidden = new Filter().toggleKind('text')
    expect(hidden.passes(one('FINAL LAP', 'text'))).toBe(false)
    expect(hidden.passes(one('Velox'))).toBe(true)
    expect(hidden.toggleKind('text').open).toBe(true)
  })

  it('hides a label of one kind, whatever is in its name', () => {
    const name = 'A, B & 100 %:“é”'
    const hidden = again(new Filter().toggleLabel(one(name)))
    expect(hidden.passes(one(name))).toBe(false)
    expect(hidden.passes(one(name, 'text'))).toBe(true)
    expect(hidden.hiddenLabels).toBe(1)
  })

  it('shows from its confidence on, as it is written', () => {
    const sure = new Filter().withLeast(0.6)
    expect(sure.passes(one('Velox', 'logo', 0.596))).toBe(true)
    expect(sure.passes(one('Velox', 'logo', 0.594))).toBe(false)
  })

  it('is the same one again when it is read from the address', () => {
    const filter = new Filter().toggleKind('text').toggleKind('face').toggleLabel(one('Velox')).withLeast(0.35)
    expect(again(filter).parameters).toEqual({ hide: 'face,text', without: 'logo:Velox', least: '35' })
  })

  it('takes nonsense in the address for nothing', () => {
    expect(Filter.read(new URLSearchParams('hide=,&least=much&without=')).open).toBe(true)
    expect(Filter.read(new URLSearchParams('least=250')).open).toBe(true)
  })

  it('counts what it takes from a moment', () => {
    const moment = { ...NOTHING, shown: [one('Velox'), one('FINAL LAP', 'text')] }
    expect(new Filter().toggleKind('text').moment(moment)).toMatchObject({ hidden: 1, shown: [{ label: 'Velox' }] })
    expect(new Filter().toggleKind('face').moment(moment)).toBe(moment)
  })

  it('makes of a frame the same one each time', () => {
    const detections = [
      { label: 'Velox', kind: 'logo', confidence: 0.9, box: null },
      { label: 'Nordlys', kind: 'logo', confidence: 0.3, box: null },
    ]
    const frame = toFrame('0', { media_time: 0, kinds: ['logo'], analyses: { logo: { detections } } })
    if (!frame) throw new Error('no frame')
    const sure = new Filter().withLeast(0.5)
    expect(
      sure
        .frame(frame)
        .analyses.get('logo')
        ?.detections.map(({ label }) => label),
    ).toEqual(['Velox'])
    expect(sure.frame(frame)).toBe(sure.frame(frame))
    expect(new Filter().frame(frame)).toBe(frame)
  })
})
