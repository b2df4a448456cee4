/** Output of the recorder: the first format that the browser can record and ingest accepts. */
export interface Format {
  readonly mimeType: string
  /** Display name. */
  readonly name: string
}

/** H.264 is copied by ingest, VP8 and VP9 are transcoded there. MP4 comes last: it is flushed a fragment at a time. */
const FORMATS: readonly Format[] = [
  { mimeType: 'video/x-matroska;codecs=avc1,opus', name: 'H.264 and Opus in Matroska' },
  { mimeType: 'video/webm;codecs=vp8,opus', name: 'VP8 and Opus in WebM' },
  { mimeType: 'video/mp4;codecs=avc1,mp4a.40.2', name: 'H.264 and AAC in MP4' },
]

/** The best format that `supported` (MediaRecorder.isTypeSupported) accepts, or null. */
export function chooseFormat(supported: (mimeType: string) => boolean): Format | null {
  return FORMATS.find(({ mimeType }) => supported(mimeType)) ?? null
}

/** Size requested from the camera, and bit rate of the picture. */
export interface Quality {
  readonly id: string
  readonly name: string
  readonly height: number
  /** Bits a second of the picture. */
  readonly bits: number
}

export const QUALITIES: readonly [Quality, ...Quality[]] = [
  { id: '720', name: '720p · 2.5 Mbit/s', height: 720, bits: 2_500_000 },
  { id: '1080', name: '1080p · 5 Mbit/s', height: 1080, bits: 5_000_000 },
  { id: '480', name: '480p · 1.2 Mbit/s', height: 480, bits: 1_200_000 },
  { id: '360', name: '360p · 0.7 Mbit/s', height: 360, bits: 700_000 },
]

export const AUDIO_BITS = 128_000
/** Below this a picture is not worth sending: the connection is too slow. */
export const LEAST_BITS = 250_000

/** The next lower bit rate; null for the lowest. */
export function lower(bits: number): number | null {
  const half = Math.round(bits / 2)
  return half >= LEAST_BITS ? half : null
}
