import { describe, expect, it } from 'vitest'
import { type Brand, found, isOf, summary, toBrand } from '../../data/documents/brand'
import { scaled } from './raster'

const brand = (name: string, over: object = {}): Brand => toBrand(name.toLowerCase(), { name, enabled: true, ...over })

describe('brands', () => {
  const velox = brand('Velox', { aliases: ['Velox GmbH'], prompts: ['a red wheel'] })
  const all = [brand('Zed'), velox, brand('Acme', { enabled: false })]

  it('are searched in every word that they go by', () => {
    expect(found(all, 'gmbh vel').map(({ name }) => name)).toEqual(['Velox'])
    expect(found(all, 'wheel')).toEqual([velox])
    expect(found(all, 'nothing')).toEqual([])
  })

  it('that are looked for come first', () => {
    expect(found(all, '').map(({ name }) => name)).toEqual(['Velox', 'Zed', 'Acme'])
  })

  it('are told by name, id or alias, whatever the case, and only among logos', () => {
    const one = { label: 'VELOX gmbh', kind: 'logo', confidence: 1, box: null }
    expect(isOf(velox, one)).toBe(true)
    expect(isOf(velox, { ...one, label: 'Zed' })).toBe(false)
    expect(isOf(velox, { ...one, kind: 'text' })).toBe(false)
  })

  it('say what they are recognised by', () => {
    expect(summary(velox)).toBe('1 alias · 1 prompt')
    expect(summary(brand('A', { references: ['a', 'b'], aliases: ['b', 'c'], threshold: 0.6 }))).toBe(
      '2 marks · 2 aliases · from 60 %',
    )
    expect(summary(brand('A'))).toBe('nothing to recognise it by yet')
  })

  it('are as tolerant of missing fields as every document', () => {
    expect(toBrand('x', { references: [1, 'brands/x/a.png'], threshold: 'high' })).toEqual({
      id: 'x',
      name: 'x',
      aliases: [],
      prompts: [],
      references: ['brands/x/a.png'],
      threshold: null,
      enabled: true,
    })
  })
})

describe('pictures', () => {
  it('are drawn large where they are drawings, and never made larger than they were', () => {
    expect(scaled(24, 12, true)).toEqual({ width: 512, height: 256 })
    expect(scaled(24, 12, false)).toEqual({ width: 24, height: 12 })
    expect(scaled(4000, 1000, false)).toEqual({ width: 512, height: 128 })
  })
})
