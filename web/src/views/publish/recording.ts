import { AUDIO_BITS, type Format } from './format'

const SLICE = 500 // ms of media in one piece
const KEYFRAMES = 2000 // ms between two keyframes: a segment

/** One recorder of a media stream: a header, a keyframe, and what follows, in order. */
export class Recording {
  private readonly recorder: MediaRecorder
  private stopped: Promise<void> | null = null

  /** Begins at once. Throws MediaRecorder's error if the browser cannot record this. */
  constructor(
    media: MediaStream,
    format: Format,
    bits: number,
    private readonly recorded: (data: Blob) => void,
    failed: () => void,
  ) {
    const options: MediaRecorderOptions & { videoKeyFrameIntervalDuration: number } = {
      mimeType: format.mimeType,
      videoBitsPerSecond: bits,
      audioBitsPerSecond: AUDIO_BITS,
      videoKeyFrameIntervalDuration: KEYFRAMES,
    }
    this.recorder = new MediaRecorder(media, options)
    this.recorder.ondataavailable = ({ data }) => data.size > 0 && this.recorded(data)
    this.recorder.onerror = failed
    this.recorder.start(SLICE)
  }

  /** Stops; resolves when the last piece was handed over. */
  finish(): Promise<void> {
    this.stopped ??= new Promise((done) => {
      if (this.recorder.state === 'inactive') done()
      else {
        this.recorder.addEventListener('stop', () => done(), { once: true })
        this.recorder.stop()
      }
    })
    return this.stopped
  }

  /** Stops, and discards what is left. */
  discard(): void {
    this.recorder.ondataavailable = null
    this.recorder.onerror = null
    void this.finish()
  }
}
