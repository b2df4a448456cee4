import type { Shape } from '../../data/api/answers'

/** A sponsor's report as the API answers it, and what is drawn of it. */

export type Sponsorship = Shape<'Sponsorship'>
export type SponsoredLabel = Shape<'SponsoredLabel'>
export type TimedFigure = Shape<'TimedFigure'>
export type Point = Shape<'Point'>

/** The nine fields of the picture, row by row, as the API names them. */
export const FIELDS = ['top', 'middle', 'bottom'].flatMap((down) =>
  ['left', 'centre', 'right'].map((across) => `${down} ${across}`),
)

/** Names of the bands of size, the smallest first. */
export const BANDS: Readonly<Record<string, string>> = {
  under_2_5: 'below 2.5 %',
  from_2_5: '2.5 % and more',
  from_5: '5 % and more',
  from_10: '10 % and more',
}

/** Names of the factors of quality. */
export const FACTORS: Readonly<Record<string, string>> = {
  size: 'size',
  position: 'position',
  visibility: 'visibility',
  solus: 'alone',
  duration: 'duration',
  sharpness: 'sharpness',
}

/** The address of the player at a moment of a session. */
export function momentOf({ stream, session }: { stream: string; session: string }, time: number): string {
  return `?stream=${encodeURIComponent(stream)}&session=${encodeURIComponent(session)}&t=${time.toFixed(3)}`
}

/** The points of an audience in a CSV file with the columns `viewers`, and `at` or `time`. Throws what is wrong with it. */
export function audienceOf(text: string): readonly Point[] {
  const [header = '', ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  const separator = header.includes(';') ? ';' : ','
  const cells = (line: string): string[] => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const columns = cells(header).map((name) => name.toLowerCase())
  const [viewers, at, time] = ['viewers', 'at', 'time'].map((name) => columns.indexOf(name))
  if (viewers === undefined || viewers < 0 || ((at ?? -1) < 0 && (time ?? -1) < 0)) {
    throw new Error('The file needs a first line that names the columns “viewers”, and “at” or “time”.')
  }
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const row = cells(line)
    const point = pointOf(row[viewers], row[at ?? -1], row[time ?? -1])
    if (!point) throw new Error(`Line ${index + 2} is no time with a number of viewers: ${line.slice(0, 80)}`)
    return [point]
  })
}

function pointOf(viewers: string | undefined, at: string | undefined, time: string | undefined): Point | null {
  const count = number(viewers)
  if (!(count >= 0)) return null
  if (!at) return Number.isNaN(number(time)) ? null : { viewers: count, at: null, time: number(time) }
  const stamp = new Date(at)
  return Number.isNaN(stamp.getTime()) ? null : { viewers: count, at: stamp.toISOString(), time: null }
}

const number = (text: string | undefined): number => (text ? Number(text) : Number.NaN)
