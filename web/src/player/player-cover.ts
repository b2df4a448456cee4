import { html, type TemplateResult } from 'lit'
import type { Playback } from './media/playback'

/** What stands in place of a picture that is shown elsewhere. */
export const away = html`<div class="waiting"><b>The picture is in a window of its own</b></div>`

/** What stands where there is no picture yet. */
export const waiting = (words: string): TemplateResult => html`<div class="waiting" role="status"><i></i>${words}</div>`

/** What stands where no picture can come, with so many segments stored. */
export const missing = (stored: number): TemplateResult => html`<div class="waiting" role="alert">
  <b>The playlist of this session is missing</b>
  <span>
    ${stored} ${stored === 1 ? 'segment is' : 'segments are'} stored, but the playlist that lists them is not there (404):
    it was deleted, or has expired. What was detected is below; this page goes on looking for the playlist.
  </span>
</div>`

/** What is said over the picture. `drawn`: how the frame stands that is shown. */
export function noteOf({ status, message }: Playback, drawn: string): string {
  if (status === 'empty' || status === 'loading') return ''
  if (status === 'unsupported') return message
  if (status === 'retrying') return message && `${message}. Trying again…`
  if (drawn === 'analysing') return 'Analysing…'
  return drawn === 'failed' ? 'The analysis of this frame failed' : ''
}
