import { type Fields, toFrame, toSegment } from '../documents/documents'
import type { MeasuredSegment, StoredFrame } from './model'

/** null until it has been sampled. */
export function toMeasured(id: string, data: Fields): MeasuredSegment | null {
  const segment = toSegment(id, data)
  if (segment === null) return null
  const { sequence, finalizedAt, sampledAt } = segment
  return sequence === null || finalizedAt === null || sampledAt === null
    ? null
    : { ...segment, sequence, finalizedAt, sampledAt }
}

/** null until `sample` has written its part. */
export function toStored(id: string, data: Fields): StoredFrame | null {
  const frame = toFrame(id, data)
  return frame?.finalizedAt == null ? null : { ...frame, finalizedAt: frame.finalizedAt }
}
