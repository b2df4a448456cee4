import { describe, expect, it, vi } from 'vitest'
import { actionOf } from './keys'

vi.stubGlobal('HTMLElement', class {})

/** What a key does on the page, with nothing focused. */
function does(key: string, more: Partial<KeyboardEvent> = {}): string | null {
  const event = { key, code: '', repeat: false, isComposing: false, composedPath: () => [], ...more }
  return actionOf(event as unknown as KeyboardEvent)?.type ?? null
}

describe('keys of the player', () => {
  it('switch once however long they are held, and go on skipping', () => {
    const held = { repeat: true }
    expect([' ', 'k', 'm', 'c', 't', 'i', 'f', 's', '?'].map((key) => does(key, held))).toEqual(Array(9).fill(null))
    expect(['ArrowLeft', 'ArrowRight', '.', 'Home'].map((key) => does(key, held))).toEqual([
      'skip',
      'skip',
      'step',
      'start',
    ])
    expect(does('f')).toBe('fullscreen')
  })

  it('are those of the same place on a layout without Latin letters', () => {
    expect(does('а', { code: 'KeyF' })).toBe('fullscreen')
    expect(does('μ', { code: 'KeyM' })).toBe('mute')
    expect(does('k', { code: 'KeyV' })).toBe('toggle') // Dvorak: the letter counts, not the place
    expect(does('é', { code: 'KeyF' })).toBeNull()
    expect(does('б', { code: 'Comma' })).toBe('step')
    expect(does('Ю', { code: 'Period', shiftKey: true })).toBe('faster')
  })

  it('are the same under Caps Lock', () => {
    expect(does('K')).toBe('toggle')
    expect(does('K', { shiftKey: true })).toBeNull()
  })

  it('belong to an input method while it composes', () => {
    expect(does('k', { isComposing: true })).toBeNull()
    expect(does('k', { keyCode: 229 })).toBeNull()
  })
})
