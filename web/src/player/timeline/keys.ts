/** Command of a key for a timeline that has the focus. */
export type TimelineAction =
  | { readonly type: 'next' | 'lane' | 'zoom' | 'pan'; readonly by: number }
  | { readonly type: 'first' | 'last' | 'jump' | 'fit' | 'clear' }

const KEYS: Readonly<Record<string, TimelineAction>> = {
  ArrowLeft: { type: 'next', by: -1 },
  ArrowRight: { type: 'next', by: 1 },
  ArrowUp: { type: 'lane', by: -1 },
  ArrowDown: { type: 'lane', by: 1 },
  Home: { type: 'first' },
  End: { type: 'last' },
  Enter: { type: 'jump' },
  ' ': { type: 'jump' },
  '+': { type: 'zoom', by: 0.5 },
  '=': { type: 'zoom', by: 0.5 },
  '-': { type: 'zoom', by: 2 },
  '0': { type: 'fit' },
  Escape: { type: 'clear' },
}

const SHIFTED: Readonly<Record<string, TimelineAction>> = {
  ArrowLeft: { type: 'pan', by: -0.25 },
  ArrowRight: { type: 'pan', by: 0.25 },
}

/** null: the key is not the timeline's. `by` of a zoom is a factor, of a pan a share of what is seen. */
export function timelineAction(event: KeyboardEvent): TimelineAction | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  return (event.shiftKey ? SHIFTED[event.key] : undefined) ?? KEYS[event.key] ?? null
}
