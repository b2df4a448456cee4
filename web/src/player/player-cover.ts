import { html, type TemplateResult } from 'lit'
import type { Playback } from './media/playback'

/** Cover of a picture that is shown in another window. */
export const away = html`<div class="waiting"><b>The picture is in its own window</b></div>`

/** Cover while there is no picture yet. */
export const waiting = (words: string): TemplateResult => html`<div class="waiting" role="status"><i></i>${words}</div>`

/** Cover where no picture can come, with `stored` segments stored. */
export const missing = (stored: number): TemplateResult => html`<div class="waiting" role="alert">
  <b>The playlist of this session is missing</b>
  <span>
    ${stored} ${stored === 1 ? 'segment is' : 'segments are'} stored, but the playlist that lists them is not there (404):
    it was deleted, or has expired. What was detected is below; this page keeps looking for the playlist.
  </span>
</div>`

/** Text over the picture. `drawn`: status of the frame that is shown. */
export function noteOf({ status, message }: Playback, drawn: string): string {
  if (status === 'empty' || status === 'loading') return ''
  if (status === 'unsupported') return message
  if (status === 'retrying') return message && `${message}. Trying again…`
  if (drawn === 'analysing') return 'Analysing…'
  return drawn === 'failed' ? 'The analysis of this frame failed' : ''
}
