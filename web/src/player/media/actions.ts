import type { Playback } from './playback'

/** Actions of the player, by its buttons or by a key. */
export type Action =
  | {
      readonly type:
        | 'toggle'
        | 'mute'
        | 'live'
        | 'start'
        | 'fullscreen'
        | 'captions'
        | 'speech'
        | 'float'
        | 'link'
        | 'help'
    }
  | { readonly type: 'seek'; readonly time: number }
  | { readonly type: 'skip'; readonly seconds: number }
  | { readonly type: 'step'; readonly frames: number }
  | { readonly type: 'volume'; readonly to: number }
  | { readonly type: 'louder'; readonly by: number }
  | { readonly type: 'speed'; readonly to: number }
  | { readonly type: 'faster'; readonly by: 1 | -1 }

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 1.25, 1.5, 2]

/** Does what concerns the element and its playback alone; the rest is the player's. */
export function perform(action: Action, video: HTMLVideoElement, playback: Playback, fps: number): void {
  switch (action.type) {
    case 'toggle':
      if (video.paused) play(video)
      else video.pause()
      break
    case 'mute':
      video.muted = !video.muted
      break
    case 'volume':
      setVolume(video, action.to)
      break
    case 'louder':
      setVolume(video, (video.muted ? 0 : video.volume) + action.by)
      break
    case 'seek':
      playback.goTo(action.time)
      break
    case 'skip':
      skip(video, playback, action.seconds)
      break
    case 'step':
      video.pause()
      skip(video, playback, action.frames / fps)
      break
    case 'start':
      playback.goTo(playback.range?.start ?? 0)
      break
    case 'live':
      playback.goTo(playback.edge)
      play(video)
      break
    case 'speed':
      video.playbackRate = action.to
      break
    case 'faster':
      if (!playback.live) video.playbackRate = next(video.playbackRate, action.by)
  }
}

/** A browser may refuse to play before it was clicked at: then the button goes on saying "Play". */
function play(video: HTMLVideoElement): void {
  void video.play().catch(() => undefined)
}

function skip(video: HTMLVideoElement, playback: Playback, by: number): void {
  const { range } = playback
  if (range) playback.goTo(Math.min(range.end - 0.05, Math.max(range.start, video.currentTime + by)))
}

/** Silence is being muted, so that the button beside it says so. */
function setVolume(video: HTMLVideoElement, to: number): void {
  const volume = Math.round(Math.min(1, Math.max(0, to)) * 100) / 100
  video.muted = volume === 0
  if (volume > 0) video.volume = volume
}

function next(rate: number, by: 1 | -1): number {
  return (by > 0 ? SPEEDS.find((speed) => speed > rate) : SPEEDS.findLast((speed) => speed < rate)) ?? rate
}
