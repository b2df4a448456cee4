import { type Devices, listDevices, openCamera, openMicrophone, openScreen, SILENT } from './capture'
import type { Quality } from './format'
import { PublishError } from './problems'

export type Source = 'camera' | 'screen'

/** The chosen picture and sound. Fires `change`, and `tracks` when they are replaced. */
export class Studio extends EventTarget {
  media: MediaStream | null = null
  source: Source = 'camera'
  devices: Devices = { cameras: [], microphones: [] }
  /** Reason why a device could not be used, for the user. */
  problem = ''
  private closed = false

  constructor() {
    super()
    navigator.mediaDevices?.addEventListener('devicechange', this.list)
  }

  close(): void {
    navigator.mediaDevices?.removeEventListener('devicechange', this.list)
    this.closed = true
    this.stop()
  }

  get camera(): string {
    return this.source === 'camera' ? (this.video?.getSettings().deviceId ?? '') : ''
  }

  get microphone(): string {
    return this.audio?.getSettings().deviceId ?? SILENT
  }

  get video(): MediaStreamTrack | null {
    return this.media?.getVideoTracks()[0] ?? null
  }

  get audio(): MediaStreamTrack | null {
    return this.media?.getAudioTracks()[0] ?? null
  }

  /** Opens a camera, and a microphone if none was chosen yet. */
  async useCamera(id: string, quality: Quality): Promise<void> {
    await this.attempt(async () => {
      const before = this.video
      // Many cameras open only once: the same one in another size needs the old track gone first.
      if (before && this.source === 'camera') this.drop(before)
      const video = await openCamera(id, quality)
      const audio = this.media ? this.audio : await this.anyMicrophone()
      this.take(video, audio, 'camera')
    })
  }

  async useScreen(quality: Quality): Promise<void> {
    await this.attempt(async () => {
      const video = await openScreen(quality)
      const audio = this.media ? this.audio : await this.anyMicrophone()
      this.take(video, audio, 'screen')
    })
  }

  async useMicrophone(id: string): Promise<void> {
    await this.attempt(async () => {
      const audio = id === SILENT ? null : await openMicrophone(id)
      if (this.video) this.take(this.video, audio, this.source)
    })
  }

  mute(kind: 'audio' | 'video', muted: boolean): void {
    const track = kind === 'audio' ? this.audio : this.video
    if (track) track.enabled = !muted
    this.changed()
  }

  /** A stream may have no sound; `problem` then says why. */
  private async anyMicrophone(): Promise<MediaStreamTrack | null> {
    try {
      return await openMicrophone('')
    } catch (error) {
      if (!(error instanceof PublishError)) throw error
      this.problem = `${error.message} Until then the stream has no sound.`
      return null
    }
  }

  private take(video: MediaStreamTrack, audio: MediaStreamTrack | null, source: Source): void {
    for (const old of this.media?.getTracks() ?? []) if (old !== video && old !== audio) this.drop(old)
    for (const track of [video, audio]) if (track) track.onended = () => this.gone(track)
    this.source = source
    this.media = new MediaStream([video, ...(audio ? [audio] : [])])
    void this.list()
    this.dispatchEvent(new Event('tracks'))
  }

  /** A device was pulled out, or the browser's own button ended the sharing. */
  private gone(track: MediaStreamTrack): void {
    const what = track.kind === 'audio' ? 'microphone' : this.source
    this.problem =
      what === 'screen'
        ? 'The sharing of the screen was ended.'
        : `The ${what} was disconnected. Connect it, or choose another.`
    if (track.kind === 'audio' && this.video) this.take(this.video, null, this.source)
    else this.lost()
    this.changed()
  }

  /** The picture has ended. */
  private lost(): void {
    this.stop()
    this.dispatchEvent(new Event('tracks'))
  }

  private stop(): void {
    for (const track of this.media?.getTracks() ?? []) this.drop(track)
    this.media = null
  }

  private drop(track: MediaStreamTrack): void {
    track.onended = null
    track.stop()
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    this.problem = ''
    try {
      await action()
    } catch (error) {
      if (!(error instanceof PublishError)) throw error
      this.problem = error.message
      if (this.video?.readyState === 'ended') this.lost()
    }
    // The user may have left while the browser asked for permission.
    if (this.closed) this.stop()
    this.changed()
  }

  private readonly list = async (): Promise<void> => {
    this.devices = await listDevices()
    this.changed()
  }

  private changed(): void {
    this.dispatchEvent(new Event('change'))
  }
}
