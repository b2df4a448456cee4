import type { Analysis, Frame } from './documents/model'
import { kindName, kindPlural, providerName } from './format'

/** A problem of the provider that should look for a kind. */
export interface ProviderProblem {
  /** budget: not asked, for the day's budget is used up. quota, busy: refused for now. resting: not called, after too many failures. degraded: it rests, and another provider looks. */
  readonly type: 'budget' | 'quota' | 'busy' | 'resting' | 'degraded' | 'failed'
  readonly kinds: readonly string[]
  /** The provider that failed, and the one that looks instead, if any. */
  readonly provider: string
  readonly instead: string | null
  /** The provider's own message; empty if it was only replaced. */
  readonly words: string
}

/** Newest frames that are considered; older problems are over. */
const NEWEST = 8

const SHORT: Readonly<Record<ProviderProblem['type'], string>> = {
  budget: 'budget used up',
  quota: 'quota used up',
  busy: 'queue full',
  resting: 'left alone for now',
  degraded: 'another provider',
  failed: 'failed',
}
export const shortly = ({ type }: ProviderProblem): string => SHORT[type]

/** By the code of an error; any other is a failure. */
const TYPES: Readonly<Record<string, ProviderProblem['type']>> = {
  'over-budget': 'budget',
  'quota-exceeded': 'quota',
  busy: 'busy',
  resting: 'resting',
}

/** The problem of a frame's analysis of `kind`; null if there is none. */
export function providerProblemOf(kind: string, { provider, error, fallbackFrom }: Analysis): ProviderProblem | null {
  const of = { kinds: [kind], words: error?.message ?? '' }
  if (error !== null) return { ...of, type: TYPES[error.code] ?? 'failed', provider, instead: null }
  return fallbackFrom === null ? null : { ...of, type: 'degraded', provider: fallbackFrom, instead: provider }
}

/** Current problems, by the newest frames of a session, sorted by time: the last frame of each kind counts. */
export function providerProblems(frames: readonly Frame[]): readonly ProviderProblem[] {
  const last = new Map<string, Analysis>()
  for (const { analyses } of frames.slice(-NEWEST)) for (const [kind, analysis] of analyses) last.set(kind, analysis)
  const found = new Map<string, ProviderProblem>()
  for (const [kind, analysis] of last) {
    const trouble = providerProblemOf(kind, analysis)
    if (!trouble) continue
    const name = `${trouble.type}/${trouble.provider}/${trouble.instead}`
    const same = found.get(name)
    found.set(name, same ? { ...same, kinds: [...same.kinds, kind] } : trouble)
  }
  return [...found.values()]
}

const list = new Intl.ListFormat('en')

/** A problem as a sentence, with its consequence. */
export function sentence({ type, kinds, provider, instead }: ProviderProblem): string {
  const [who, what] = [providerName(provider), list.format(kinds.map(kindName))]
  const many = list.format(kinds.map((kind) => kindPlural(kind).toLowerCase()))
  switch (type) {
    case 'budget':
      return `Today’s budget is used up: frames are not shown to ${who} for their ${what} analysis until 00:00 UTC. The stream goes on.`
    case 'quota':
      return `The quota of ${who} is used up for now: frames wait for their ${what} analysis and are tried again automatically.`
    case 'busy':
      return `${who} is overloaded: frames wait for their ${what} analysis and are tried again automatically.`
    case 'resting':
      return `${who} failed too often and is left alone for some seconds: frames wait for their ${what} analysis and are tried again.`
    case 'degraded':
      return `${who} rests after failures or for the day’s budget: ${providerName(instead ?? '')} looks for ${many} instead until it is back.`
    case 'failed':
      return `${who} fails at the ${what} analysis; frames are tried again automatically.`
  }
}
