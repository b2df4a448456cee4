/** Commands that send video into a stream, ready to be copied. */

export interface Target {
  readonly ingestUrl: string
  readonly stream: string
  /** The stream's key, or the word that stands for it. */
  readonly key: string
}

export const KEY = 'KEY'

/** Where encoders post to. */
export const postUrl = ({ ingestUrl, stream }: Target): string => `${ingestUrl}/streams/${stream}`

const to = (target: Target): string => `-f mpegts -method POST \\
  -headers "Authorization: Bearer ${target.key}" ${postUrl(target)}`

export const fileCommand = (target: Target): string =>
  `ffmpeg -re -i clip.mp4 -c:v libx264 -g 60 -c:a aac ${to(target)}`

const CAMERAS = {
  Linux: '-f v4l2 -i /dev/video0',
  macOS: '-f avfoundation -framerate 30 -i "0:0"',
  Windows: '-f dshow -i video="Integrated Camera"',
} as const

export type System = keyof typeof CAMERAS
export const SYSTEMS = Object.keys(CAMERAS) as readonly System[]

/** `-pix_fmt`: cameras deliver 4:2:2, which browsers do not play. */
export const cameraCommand = (target: Target, system: System): string =>
  `ffmpeg ${CAMERAS[system]} -c:v libx264 -preset veryfast -pix_fmt yuv420p -g 60 -c:a aac ${to(target)}`

/** What OBS calls "Stream Key". */
export const rtmpKey = ({ stream, key }: Target): string => `${stream}?key=${key}`

/** Runs the RTMP relay beside the encoder. */
export const relayCommand = ({ ingestUrl }: Target): string => `INGEST_URL=${ingestUrl} make rtmp`
