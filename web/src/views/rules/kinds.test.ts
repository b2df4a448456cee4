import { expect, it } from 'vitest'
import { spoken, whatOf } from './kinds'

it('a rule is made of what was typed, and told in words', () => {
  const typed: Record<string, string> = { label: ' Acme ', seconds: '20', others: 'Velox, , Nike ' }
  const absent = whatOf('absent', (name) => typed[name] ?? '')
  expect(absent).toEqual({ kind: 'absent', label: 'Acme', seconds: 20 })
  expect(spoken(absent)).toBe('A label is absent for: “Acme”, seconds 20')
  const beside = whatOf('beside', (name) => typed[name] ?? '')
  expect(beside).toEqual({ kind: 'beside', label: 'Acme', others: ['Velox', 'Nike'] })
  expect(spoken(beside)).toBe('A label is beside another: “Acme”, “Velox, Nike”')
})
