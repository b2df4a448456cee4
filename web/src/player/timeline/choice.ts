import type { TimelineAction } from './keys'
import { type Lane, nearest } from './lanes'

/** One appearance: which lane, and which of its. */
export interface Choice {
  readonly lane: number
  readonly at: number
}

/** The appearance that a key chooses next. Without a choice it begins nearest to `time`, in the first lane. */
export function chosenBy(
  action: TimelineAction,
  lanes: readonly Lane[],
  choice: Choice | null,
  time: number,
): Choice | null {
  const lane = choice && lanes[choice.lane]
  if (!choice || !lane) return lanes[0] ? { lane: 0, at: nearest(lanes[0], time) } : null
  const last = lane.from.length - 1
  switch (action.type) {
    case 'next':
      return { ...choice, at: Math.min(last, Math.max(0, choice.at + action.by)) }
    case 'first':
      return { ...choice, at: 0 }
    case 'last':
      return { ...choice, at: last }
    case 'lane': {
      const to = Math.min(lanes.length - 1, Math.max(0, choice.lane + action.by))
      const other = lanes[to] as Lane
      return to === choice.lane ? choice : { lane: to, at: nearest(other, lane.from[choice.at] ?? 0) }
    }
    default:
      return choice
  }
}

/** The same appearance among other lanes; null: it is not there. */
export function kept(choice: Choice | null, before: readonly Lane[], after: readonly Lane[]): Choice | null {
  const lane = choice && before[choice.lane]
  if (!choice || !lane) return null
  const row = after.findIndex(({ key }) => key === lane.key)
  const found = after[row]
  return found ? { lane: row, at: nearest(found, lane.from[choice.at] ?? 0) } : null
}
