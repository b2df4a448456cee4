import type { BarAction } from './player-bar'

const KEYS: Readonly<Record<string, BarAction>> = {
  ' ': { type: 'toggle' },
  k: { type: 'toggle' },
  m: { type: 'mute' },
  f: { type: 'fullscreen' },
  l: { type: 'live' },
  End: { type: 'live' },
  ArrowLeft: { type: 'skip', seconds: -5 },
  ArrowRight: { type: 'skip', seconds: 5 },
  ',': { type: 'step', frames: -1 },
  '.': { type: 'step', frames: 1 },
}

/** What a key does to the player, unless it belongs to the control that has the focus. */
export function actionOf(event: KeyboardEvent): BarAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  const target = event.composedPath()[0]
  const control = target instanceof HTMLElement ? target.tagName : ''
  const typed =
    control === 'TEXTAREA' || control === 'SELECT' || (target instanceof HTMLElement && target.isContentEditable)
  if (typed || ([' ', 'Enter'].includes(event.key) && ['BUTTON', 'A'].includes(control))) return null
  return KEYS[event.key] ?? null
}
