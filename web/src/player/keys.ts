import { composes } from '../ui/keyboard'
import type { Action } from './media/actions'

export interface Shortcut {
  /** As KeyboardEvent.key says. */
  readonly keys: readonly string[]
  /** As people call them. */
  readonly names: readonly string[]
  readonly does: string
  readonly action: Action
  /** Only while the focus is in the player: elsewhere the key scrolls the page. */
  readonly within?: boolean
}

const short = (keys: readonly string[], names: readonly string[], does: string, action: Action): Shortcut => ({
  keys,
  names,
  does,
  action,
})

/** Every key that does something to the player. */
export const SHORTCUTS: readonly Shortcut[] = [
  short([' ', 'k'], ['Space', 'K'], 'Play or pause', { type: 'toggle' }),
  short(['ArrowLeft'], ['←'], '5 seconds back', { type: 'skip', seconds: -5 }),
  short(['ArrowRight'], ['→'], '5 seconds on', { type: 'skip', seconds: 5 }),
  short([','], [','], 'One frame back', { type: 'step', frames: -1 }),
  short(['.'], ['.'], 'One frame on', { type: 'step', frames: 1 }),
  short(['Home'], ['Home'], 'To the beginning', { type: 'start' }),
  short(['l', 'End'], ['L', 'End'], 'To the live edge, or the end', { type: 'live' }),
  short(['<'], ['<'], 'Slower (recordings)', { type: 'faster', by: -1 }),
  short(['>'], ['>'], 'Faster (recordings)', { type: 'faster', by: 1 }),
  { ...short(['ArrowUp'], ['↑'], 'Louder, in the player', { type: 'louder', by: 0.1 }), within: true },
  { ...short(['ArrowDown'], ['↓'], 'Quieter, in the player', { type: 'louder', by: -0.1 }), within: true },
  short(['m'], ['M'], 'Sound on or off', { type: 'mute' }),
  short(['c'], ['C'], 'On-screen text as captions', { type: 'captions' }),
  short(['t'], ['T'], 'Speech as captions, if it is transcribed', { type: 'speech' }),
  short(['i'], ['I'], 'Picture in picture', { type: 'float' }),
  short(['f'], ['F'], 'Full screen', { type: 'fullscreen' }),
  short(['s'], ['S'], 'Copy a link to this moment', { type: 'link' }),
  short(['?'], ['?'], 'This help', { type: 'help' }),
]

const OWN = ['TEXTAREA', 'SELECT']

/** What goes back and forth: a key that is held down, and repeats, does it once. */
const SWITCHES: ReadonlySet<Action['type']> = new Set([
  'toggle',
  'mute',
  'captions',
  'speech',
  'float',
  'fullscreen',
  'link',
  'help',
])

/** Action of a key, unless the key belongs to the focused control or dialog. */
export function actionOf(event: KeyboardEvent): Action | null {
  if (event.defaultPrevented || composes(event) || event.ctrlKey || event.metaKey || event.altKey) return null
  const path = event.composedPath().filter((node) => node instanceof HTMLElement)
  if (path.some(({ tagName }) => tagName === 'DIALOG') || (path[0] && ownKeys(path[0], event.key))) return null
  const inside = path.some(({ tagName }) => tagName === 'MA-PLAYER')
  const key = latin(event)
  const action = SHORTCUTS.find(({ keys, within }) => keys.includes(key) && (inside || !within))?.action ?? null
  return event.repeat && action && SWITCHES.has(action.type) ? null : action
}

/** Signs that the letters of other layouts stand in place of: without Shift, and with it. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = { Comma: [',', '<'], Period: ['.', '>'] }

/**
 * The key's letter, small unless Shift makes it large; on a layout without Latin letters (Cyrillic, Greek, …) that of the
 * same place on an English one.
 */
function latin({ key, code, shiftKey }: KeyboardEvent): string {
  if (!/^\p{L}$/u.test(key)) return key
  if (/^\p{Script=Latin}$/u.test(key)) return shiftKey ? key : key.toLowerCase()
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase() ?? SIGNS[code]?.[shiftKey ? 1 : 0] ?? key
}

/** The seek bar leaves its keys to the player: they do the same everywhere. */
function ownKeys(target: HTMLElement, key: string): boolean {
  const control = target.tagName
  if (OWN.includes(control) || target.isContentEditable) return true
  if (control === 'INPUT') return !target.hasAttribute('data-seek')
  return [' ', 'Enter'].includes(key) && ['BUTTON', 'A', 'SUMMARY'].includes(control)
}
