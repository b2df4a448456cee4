import {
  collection,
  type DocumentReference,
  type FirestoreError,
  limit,
  orderBy,
  query,
  where,
} from '@firebase/firestore'
import { toTranscript } from '../../data/documents/documents'
import type { Transcript } from '../../data/documents/model'
import { DocumentWindow } from '../../data/live/document-window'

/** Seconds that are loaded at a time: those around the playhead, and a part before and after. */
const CHUNK = 60
const MOST = 500

/** Transcripts around the playhead of one session, loaded only while captions are on. */
export class SpeechWindow {
  private readonly first: DocumentWindow<Transcript>
  private readonly range: DocumentWindow<Transcript>
  private chunk: number | null = null
  private playhead = 0

  constructor(
    private readonly session: DocumentReference,
    changed: () => void,
    failed: (error: FirestoreError) => void,
    private wanted: boolean,
  ) {
    this.first = new DocumentWindow(toTranscript, changed, failed)
    this.range = new DocumentWindow(toTranscript, changed, failed)
  }

  /** null: nothing of this session has been transcribed. */
  get transcripts(): readonly Transcript[] | null {
    return this.first.items.length > 0 ? this.range.items : null
  }

  open(): void {
    this.first.open(query(this.all, orderBy('media_time'), limit(1)))
    this.follow()
  }

  close(): void {
    this.first.close()
    this.range.close()
    this.chunk = null
  }

  want(wanted: boolean): void {
    this.wanted = wanted
    this.follow()
  }

  /** Follows the playhead (s from the session's start). */
  seek(time: number): void {
    this.playhead = time
    this.follow()
  }

  private follow(): void {
    const chunk = this.wanted ? Math.floor(this.playhead / CHUNK) : null
    if (chunk === this.chunk) return
    this.chunk = chunk
    if (chunk === null) {
      this.range.close()
      return
    }
    const [from, to] = [(chunk - 1) * CHUNK, (chunk + 2) * CHUNK]
    const between = [where('media_time', '>=', from), where('media_time', '<', to)]
    this.range.open(query(this.all, ...between, orderBy('media_time'), limit(MOST)))
  }

  private get all(): ReturnType<typeof collection> {
    return collection(this.session, 'transcripts')
  }
}
