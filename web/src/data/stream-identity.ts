import { LIMITS } from './api/limits'

/** Names and ids of streams, as the API takes them (functions/pipeline/domain/names.py). */

const ID = new RegExp(LIMITS.NewStream.id.pattern)
const LONGEST_NAME = LIMITS.NewStream.name.maxLength
const LONGEST_DERIVED = 40
const ACCENTS = /\p{M}+/gu

/** An id that can be read, made of a name: free among `taken`. */
export function idOf(name: string, taken: ReadonlySet<string>): string {
  const plain = name.normalize('NFKD').replace(ACCENTS, '').toLowerCase()
  const readable = trimmed(plain.replace(/[^a-z0-9]+/g, '-'))
  const id = trimmed(readable.slice(0, LONGEST_DERIVED)) || 'stream'
  if (!taken.has(id)) return id
  for (let count = 2; ; count += 1) if (!taken.has(`${id}-${count}`)) return `${id}-${count}`
}

/** Why an id is invalid, for the form; empty if it is valid. */
export function wrongId(id: string, taken: ReadonlySet<string>): string {
  if (id === '') return 'Every stream needs an id: it is part of its address.'
  if (id.length > 63) return 'An id has at most 63 characters.'
  if (/[^a-z0-9-]/.test(id)) return 'An id is made of a to z, 0 to 9 and hyphens.'
  if (!ID.test(id)) return 'An id begins and ends with a letter or a digit.'
  return taken.has(id) ? 'This id is taken: choose another.' : ''
}

/** The same for a name. */
export function wrongName(name: string): string {
  const length = [...name.trim()].length
  if (length === 0) return 'Give the stream a name: it is what people see.'
  return length > LONGEST_NAME ? `A name has at most ${LONGEST_NAME} characters.` : ''
}

const trimmed = (id: string): string => id.replace(/^-+|-+$/g, '')
