import type { Transcript, Word } from '../../data/documents/model'
import type { Cue } from './cues'

/** Seconds of silence that end a caption, that it may last, and that it stays after its last word. */
const PAUSE = 0.8
const LONGEST = 5
const STAYS = 0.6
/** Characters of a caption: two short lines. */
const MOST = 68

const middle = ({ start, end }: Word): number => (start + end) / 2

/**
 * The words of transcripts that are sorted by time, each word once: a word at a border is heard by two segments, and from
 * `begins` on, or from its first word if that is earlier, the later one heard it whole (docs/contracts.md, Transcripts).
 */
export function wordsOf(transcripts: readonly Transcript[]): readonly Word[] {
  return transcripts.flatMap(({ words }, at) => {
    const until = takenOver(transcripts[at + 1])
    return words.filter((word) => middle(word) < until)
  })
}

function takenOver(following: Transcript | undefined): number {
  if (!following || following.failed) return Number.POSITIVE_INFINITY
  return Math.min(following.begins, following.words[0]?.start ?? Number.POSITIVE_INFINITY)
}

/**
 * Captions of what is said: a few words at a time, from the first word until a little after the last. Where speakers are
 * told apart, the first caption of each turn names its speaker.
 */
export function spokenCues(transcripts: readonly Transcript[]): readonly Cue[] {
  const cues: { from: number; to: number; text: string }[] = []
  let turn: string | null = null
  for (const { text, start, end, speaker } of wordsOf(transcripts)) {
    const open = cues.at(-1)
    const turns = speaker !== turn
    const joins =
      open &&
      !turns &&
      start - open.to < PAUSE &&
      end - open.from < LONGEST &&
      open.text.length + 1 + text.length <= MOST
    if (joins) {
      open.text += ` ${text}`
      open.to = Math.max(open.to, end)
    } else {
      cues.push({ from: start, to: end, text: turns && speaker ? `Speaker ${speaker}: ${text}` : text })
    }
    turn = speaker
  }
  return cues.map((cue, at) => ({ ...cue, to: Math.min(cue.to + STAYS, cues[at + 1]?.from ?? cue.to + STAYS) }))
}
