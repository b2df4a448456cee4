import {
  collection,
  type DocumentReference,
  type FirestoreError,
  limit,
  limitToLast,
  orderBy,
  query,
  where,
} from '@firebase/firestore'
import { toFrame, toSegment } from '../../data/documents/documents'
import type { Frame, Segment } from '../../data/documents/model'
import { DocumentWindow, merged } from '../../data/live/document-window'
import { Snapshots } from './snapshots'
import { TailWindow } from './tail-window'

/** Documents at the live end that are there, and those of them that are watched. */
const TAIL = 300
const WATCHED = 60
/** Seconds that are watched around a playhead before those, and that it keeps from their beginning. */
const CHUNK = 60
const MARGIN = 5
const MOST = 1000

/**
 * Frames and segments of one session, bounded however long it is: the newest ones, and, where the playhead is before
 * them, those around it together with the last frame before (whose result the first stretch inherits).
 */
export class SessionWindow {
  private readonly frameTail: TailWindow<Frame>
  private readonly frameRange: DocumentWindow<Frame>
  private readonly frameBefore: DocumentWindow<Frame>
  private readonly segmentTail: TailWindow<Segment>
  private readonly segmentRange: DocumentWindow<Segment>
  private readonly snapshots: Snapshots
  private chunk: number | null = null
  private playhead = 0

  constructor(
    private readonly session: DocumentReference,
    private readonly changed: () => void,
    failed: (error: FirestoreError) => void,
  ) {
    const frames = (): DocumentWindow<Frame> => new DocumentWindow(toFrame, this.update, failed)
    const segments = (): DocumentWindow<Segment> => new DocumentWindow(toSegment, this.update, failed)
    this.frameTail = new TailWindow(toFrame, this.update, failed, TAIL, WATCHED)
    this.frameRange = frames()
    this.frameBefore = frames()
    this.segmentTail = new TailWindow(toSegment, this.update, failed, TAIL, WATCHED)
    this.segmentRange = segments()
    this.snapshots = new Snapshots(session)
  }

  open(): void {
    this.frameTail.open(query(collection(this.session, 'frames'), orderBy('media_time')))
    this.segmentTail.open(query(collection(this.session, 'segments'), orderBy('media_time')))
  }

  close(): void {
    for (const window of [this.frameTail, this.frameRange, this.frameBefore, this.segmentTail, this.segmentRange]) {
      window.close()
    }
  }

  get frames(): readonly Frame[] {
    return merged(this.frameBefore, this.frameRange, this.frameTail)
  }

  get segments(): readonly Segment[] {
    return merged(this.segmentRange, this.segmentTail)
  }

  /** From when on (s) the newest documents are all that there are; 0: from the beginning. */
  get since(): number {
    return Math.max(this.frameTail.from, this.segmentTail.from)
  }

  /** The newest frames, wherever the playhead is. */
  get newest(): readonly Frame[] {
    return this.frameTail.items
  }

  /** The sampled frame at or before `time`, by one look into the database where it is not loaded. */
  snapshotAt(time: number): Promise<Frame | null> {
    return this.snapshots.at(time, this.frames)
  }

  /** Follows the playhead (s from the session's start). */
  seek(time: number): void {
    this.playhead = time
    const chunk = this.inTail(time) ? null : Math.floor(time / CHUNK)
    if (chunk === this.chunk) return
    this.chunk = chunk
    if (chunk === null) {
      for (const window of [this.frameRange, this.frameBefore, this.segmentRange]) window.close()
      this.changed()
      return
    }
    const from = (chunk - 1) * CHUNK
    const to = (chunk + 2) * CHUNK
    const frames = collection(this.session, 'frames')
    const between = [where('media_time', '>=', from), where('media_time', '<', to), orderBy('media_time'), limit(MOST)]
    this.frameRange.open(query(frames, ...between))
    this.frameBefore.open(query(frames, where('media_time', '<', from), orderBy('media_time'), limitToLast(1)))
    this.segmentRange.open(query(collection(this.session, 'segments'), ...between))
  }

  /** Whether what is watched anyway is there. */
  private inTail(time: number): boolean {
    const watched = Math.max(this.frameTail.watchedFrom, this.segmentTail.watchedFrom)
    return watched === 0 || time >= watched + MARGIN
  }

  private readonly update = (): void => {
    this.seek(this.playhead)
    this.changed()
  }
}
