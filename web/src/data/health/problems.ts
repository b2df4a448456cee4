import type { Provider, Stream } from '../documents/model'
import { elapsed, providerName } from '../format'
import { backlog, longest, targetDuration } from './measure'
import type { DeadLetter, Running } from './model'

/** A problem for an operator to look at, and what to do about it. */
export interface Problem {
  /** The same as long as it lasts. */
  readonly id: string
  readonly tone: 'bad' | 'warn'
  readonly title: string
  readonly advice: string
  /** The stream that it is about. */
  readonly stream: string | null
}

export interface Known {
  readonly running: readonly Running[]
  readonly providers: readonly Provider[]
  /** null: not known, for want of a key. */
  readonly letters: readonly DeadLetter[] | null
  /** The server's time, in ms since 1970. */
  readonly now: number
}

const FRAME_WAITS = 15_000
const NEWS = 600_000

/** All problems, the worst first. */
export function problemsOf({ running, providers, letters, now }: Known): readonly Problem[] {
  const found = [
    ...running.flatMap((one) => ofStream(one, now)),
    ...providers.flatMap((one) => ofProvider(one, now)),
    ...(letters && letters.length > 0 ? [ofLetters(letters)] : []),
  ]
  return [...found.filter(({ tone }) => tone === 'bad'), ...found.filter(({ tone }) => tone === 'warn')]
}

function ofStream(one: Running, now: number): readonly Problem[] {
  const { stream } = one
  const about = { stream: stream.id }
  if (stream.state === 'error') {
    const reason = stream.error ?? one.session?.error ?? 'no reason was given'
    const title = `${stream.name} broke off: ${reason}`
    return [
      {
        ...about,
        id: `error/${stream.id}`,
        tone: 'bad',
        title,
        advice: 'Correct the cause, then start the sender again.',
      },
    ]
  }
  if (stream.state === 'reconnecting') {
    const title = `${stream.name}: the sender has gone away`
    const advice = 'If it does not come back in time the session ends. Look at the encoder and its network.'
    return [{ ...about, id: `away/${stream.id}`, tone: 'warn', title, advice }]
  }
  if (stream.state !== 'live') return []
  const patience = 3 * targetDuration(longest(one.segments)) * 1000
  return [...stalled(stream, patience, now), ...behind(one, patience), ...undetected(one, now)]
}

/** Live, and nothing stored for so long (ms). */
export function stalled(stream: Stream, patience: number, now: number): readonly Problem[] {
  const { lastSegmentAt } = stream
  if (stream.state !== 'live' || lastSegmentAt === null || now - lastSegmentAt <= patience) return []
  const title = `${stream.name}: no segment for ${elapsed(now - lastSegmentAt)}`
  const advice = 'It is live, but nothing arrives. Look at the encoder’s connection and its keyframe interval.'
  return [{ id: `stalled/${stream.id}`, tone: 'bad', title, advice, stream: stream.id }]
}

function behind(one: Running, patience: number): readonly Problem[] {
  const { segments, seconds } = backlog(one)
  if (segments < 2 || seconds * 1000 <= patience) return []
  const title = `${one.stream.name}: sampling is ${elapsed(seconds * 1000)} behind`
  const advice = `${segments} segments wait. If it grows, “sample” lacks instances, or fails: see dead letters and its log.`
  return [{ id: `behind/${one.stream.id}`, tone: 'warn', title, advice, stream: one.stream.id }]
}

function undetected(one: Running, now: number): readonly Problem[] {
  const { oldest, frames } = backlog(one)
  if (oldest === null || now - oldest <= FRAME_WAITS) return []
  const wait = frames === 1 ? 'one frame waits' : `${frames} frames wait`
  const title = `${one.stream.name}: ${wait} for results, the oldest for ${elapsed(now - oldest)}`
  const advice = 'Look at the providers: one may be refusing, or slower than frames come.'
  return [{ id: `undetected/${one.stream.id}`, tone: 'warn', title, advice, stream: one.stream.id }]
}

/** Problems of a provider; an old state is ignored. */
export function ofProvider({ id, state, lastError, updated }: Provider, now: number): readonly Problem[] {
  if (state === 'ok' || updated === null || now - updated > NEWS) return []
  const resting = state !== 'failing'
  const title = resting
    ? `${providerName(id)} fails and is left alone for now`
    : `${providerName(id)} fails now and then`
  const said = lastError ? `Its last error: ${lastError} ` : ''
  const advice = `${said}${resting ? 'It is tried again automatically; until then the next provider in the list is used, if there is one.' : ''}`
  return [{ id: `provider/${id}`, tone: resting ? 'bad' : 'warn', title, advice: advice.trim(), stream: null }]
}

function ofLetters(letters: readonly DeadLetter[]): Problem {
  const title = letters.length === 1 ? 'One event was given up on' : `${letters.length} events were given up on`
  const advice = 'Their objects were not analysed. Read the reason under “Dead letters”, correct it, and try again.'
  return { id: 'letters', tone: 'bad', title, advice, stream: null }
}
