/** Commands that send video into a stream, ready to be copied. */

export interface Target {
  readonly ingestUrl: string
  readonly stream: string
  /** The stream's key, or the word that stands for it. */
  readonly key: string
}

export const KEY = 'KEY'

/** Pushes HLS: each segment is a request of its own, so no limit of a request's size or time ends the stream. */
const to = ({
  ingestUrl,
  stream,
  key,
}: Target): string => `-f hls -hls_time 2 -hls_list_size 5 -method PUT -http_persistent 1 \\
  -headers "Authorization: Bearer ${key}" ${ingestUrl}/streams/${stream}/live.m3u8`

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

/** The value of OBS's field "Stream Key". */
export const rtmpKey = ({ stream, key }: Target): string => `${stream}?key=${key}`

/** Runs the RTMP relay beside the encoder. */
export const relayCommand = ({ ingestUrl }: Target): string => `INGEST_URL=${ingestUrl} make rtmp`
