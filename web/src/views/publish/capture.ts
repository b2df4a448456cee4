import type { Quality } from './format'
import { captureProblem, PublishError } from './problems'

export interface Devices {
  readonly cameras: readonly MediaDeviceInfo[]
  readonly microphones: readonly MediaDeviceInfo[]
}

/** Choice of a stream without sound. */
export const SILENT = 'none'

/** Available devices; their names are known only after one was allowed. */
export async function listDevices(): Promise<Devices> {
  const found = (await navigator.mediaDevices?.enumerateDevices()) ?? []
  const of = (kind: MediaDeviceKind): readonly MediaDeviceInfo[] =>
    found.filter((device) => device.kind === kind && device.deviceId !== '')
  return { cameras: of('videoinput'), microphones: of('audioinput') }
}

/** A camera's picture; any camera if `id` is empty. Raises PublishError. */
export async function openCamera(id: string, quality: Quality): Promise<MediaStreamTrack> {
  const video: MediaTrackConstraints = {
    height: { ideal: quality.height },
    width: { ideal: Math.round((quality.height * 16) / 9) },
    frameRate: { ideal: 30, max: 60 },
    ...(id ? { deviceId: { exact: id } } : {}),
  }
  return await track(() => devices().getUserMedia({ video }), 'video', 'camera')
}

/** A microphone's sound; any microphone if `id` is empty. Raises PublishError. */
export async function openMicrophone(id: string): Promise<MediaStreamTrack> {
  const audio: MediaTrackConstraints = id ? { deviceId: { exact: id } } : {}
  return await track(() => devices().getUserMedia({ audio }), 'audio', 'microphone')
}

/** A screen, a window or a tab, as the user picks it. Raises PublishError. */
export async function openScreen(quality: Quality): Promise<MediaStreamTrack> {
  const video = { height: { max: quality.height }, frameRate: { max: 30 } }
  return await track(() => devices().getDisplayMedia({ video, audio: false }), 'video', 'screen')
}

function devices(): MediaDevices {
  // Undefined, whatever the types say, on a page that did not come over https.
  const found = navigator.mediaDevices as MediaDevices | undefined
  if (!found) throw new TypeError('no media devices')
  return found
}

async function track(
  open: () => Promise<MediaStream>,
  kind: 'audio' | 'video',
  what: 'camera' | 'microphone' | 'screen',
): Promise<MediaStreamTrack> {
  let stream: MediaStream
  try {
    stream = await open()
  } catch (error) {
    throw captureProblem(error, what)
  }
  const found = stream.getTracks().find((one) => one.kind === kind)
  if (!found) throw new PublishError(`The ${what} gave nothing.`)
  return found
}
