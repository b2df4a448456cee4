import type { ProviderState } from '../../data/documents/model'

/** Labels and explanations of the settings. */

export interface Explained {
  readonly name: string
  readonly label: string
  readonly about: string
  readonly unit: string
  /** Factor from the stored value to the shown one. */
  readonly scale: number
  readonly step: number
}

export const SAMPLING: readonly Explained[] = [
  {
    name: 'looks_per_second',
    label: 'Looks',
    about: 'How often the gate compares the picture with the last frame that it sent on. A comparison costs little.',
    unit: 'a second',
    scale: 1,
    step: 0.1,
  },
  {
    name: 'change',
    label: 'What counts as new',
    about: 'Share of the picture that must be new, not only moved.',
    unit: '% of the picture',
    scale: 100,
    step: 0.01,
  },
  {
    name: 'minimum_interval',
    label: 'Shortest wait',
    about: 'Between two frames sent on, however much changes. Only a cut does not wait.',
    unit: 's',
    scale: 1,
    step: 0.1,
  },
  {
    name: 'follow_interval',
    label: 'While things move',
    about:
      'A frame is sent on this often, and boxes are followed from one to the next; a little less often without boxes.',
    unit: 's',
    scale: 1,
    step: 0.1,
  },
  {
    name: 'maximum_interval',
    label: 'Longest wait',
    about:
      'A picture that does not change is sent on this often; a noisy one, in which something may hide, more often.',
    unit: 's',
    scale: 1,
    step: 0.1,
  },
  {
    name: 'calls_per_hour',
    label: 'Budget',
    about: 'Most frames of a stream that are sent on in an hour. As it runs low, small changes wait; cuts wait last.',
    unit: 'an hour',
    scale: 1,
    step: 1,
  },
]

export const KINDS: readonly { readonly kind: string; readonly label: string; readonly about: string }[] = [
  { kind: 'logo', label: 'Logos', about: 'brands, with boxes' },
  { kind: 'text', label: 'Text', about: 'words in the picture' },
  { kind: 'object', label: 'Objects', about: 'things, with boxes' },
  { kind: 'label', label: 'Scene', about: 'what the picture is about' },
  { kind: 'face', label: 'Faces', about: 'where faces are; no person is named' },
  { kind: 'safe_search', label: 'Safe search', about: 'adult, violent and similar content' },
]

/** The kinds of which words can say what is looked for, and the provider that takes them. */
export const WORDED: Readonly<Record<string, string>> = { object: 'owl', label: 'clip' }

const STATES: Readonly<Record<ProviderState, string>> = {
  ok: 'ok',
  failing: 'failing',
  open: 'left alone after failures',
  probing: 'tried again',
}

/** A provider's state, in words; undefined if it was never called. */
export const stateWords = (state: ProviderState | undefined): string => (state ? STATES[state] : 'not called yet')

/** Converts a stored number to the shown one, and back, without floating-point noise. */
export const shown = (value: number, scale: number): number => Number((value * scale).toPrecision(9))
export const stored = (value: number, scale: number): number => Number((value / scale).toPrecision(9))
