/** Chromium's windows that stay on top and hold any document. */
interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>
}

const PLACE: Readonly<Record<string, string>> = {
  position: 'fixed',
  inset: '0',
  width: '100%',
  height: '100%',
  'object-fit': 'contain',
}

/**
 * The picture in a window of its own: with what is drawn on it where the browser has windows for documents, else the
 * video alone. Fires `change`, also when the window's own buttons close it.
 */
export class Floating extends EventTarget {
  private window: Window | null = null

  /** `canvas` lies on `video`, both first in `home`. */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly canvas: HTMLCanvasElement,
    private readonly home: HTMLElement,
  ) {
    super()
    for (const name of ['enterpictureinpicture', 'leavepictureinpicture'] as const) {
      video.addEventListener(name, this.changed)
    }
  }

  get supported(): boolean {
    return documents() !== null || Boolean(document.pictureInPictureEnabled)
  }

  get active(): boolean {
    return this.window !== null || Boolean(document.pictureInPictureElement)
  }

  /** Whether the picture, with what is drawn on it, has left the page. */
  get away(): boolean {
    return this.window !== null
  }

  async toggle(): Promise<void> {
    const pictures = documents()
    if (this.window) this.window.close()
    else if (document.pictureInPictureElement) await document.exitPictureInPicture()
    else if (pictures) this.leave(await pictures.requestWindow({ width: 640, height: this.height(640) }))
    else await this.video.requestPictureInPicture()
  }

  close(): void {
    this.window?.close()
  }

  private leave(own: Window): void {
    this.window = own
    own.document.title = document.title
    own.document.body.style.setProperty('margin', '0')
    own.document.body.style.setProperty('background', '#000')
    this.move(() => {
      own.document.body.append(this.video, this.canvas)
      for (const [name, value] of Object.entries(PLACE)) {
        this.video.style.setProperty(name, value)
        this.canvas.style.setProperty(name, value)
      }
    })
    own.addEventListener('resize', this.changed)
    own.addEventListener('pagehide', () => this.back(), { once: true })
    this.changed()
  }

  private back(): void {
    this.window = null
    this.move(() => {
      this.home.prepend(this.video, this.canvas)
      for (const name of Object.keys(PLACE)) {
        this.video.style.removeProperty(name)
        this.canvas.style.removeProperty(name)
      }
    })
    this.changed()
  }

  /** An element that leaves its document stops playing. */
  private move(to: () => void): void {
    const { paused } = this.video
    to()
    if (!paused) void this.video.play().catch(() => undefined)
  }

  private height(width: number): number {
    const { videoWidth, videoHeight } = this.video
    return Math.round(videoWidth > 0 ? (width * videoHeight) / videoWidth : (width * 9) / 16)
  }

  private readonly changed = (): void => {
    this.dispatchEvent(new Event('change'))
  }
}

function documents(): DocumentPictureInPicture | null {
  return 'documentPictureInPicture' in window ? (window.documentPictureInPicture as DocumentPictureInPicture) : null
}
