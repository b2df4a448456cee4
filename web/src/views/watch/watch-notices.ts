import { html, nothing, type TemplateResult } from 'lit'
import type { Stream } from '../../data/documents/model'
import '../../ui/sending/how-to'
import '../../ui/notice'

/** Notice in place of a stream that is not known yet. `error`: the reason, if known. */
export function unknown(error: string | null): TemplateResult {
  if (error) return html`<ma-notice tone="error" heading="The stream cannot be read">${error}</ma-notice>`
  return html`<ma-notice heading="Asking the database…">
    <p>If this takes long, the database cannot be reached; the page keeps trying.</p>
  </ma-notice>`
}

/** Notice of a session that does not exist. `newest`: address of the newest one. */
export const missing = ({ name }: Stream, newest: string): TemplateResult =>
  html`<ma-notice tone="error" heading="This session does not exist">
    <p>It was deleted, or the address is mistyped. <a href=${newest}>Watch the newest session of ${name}</a></p>
  </ma-notice>`

/** Notice of a stream whose last recording is gone. `sends`: to a person who may send to it. */
export const expired = ({ id, name }: Stream, sends: boolean): TemplateResult =>
  html`<ma-notice heading="There is no recording to show">
    <p>The last one has expired, or holds no video. ${sends ? `Send video to ${name} and it` : 'The next one'} appears here.</p>
    ${sends ? html`<ma-how-to .stream=${id}></ma-how-to>` : nothing}
  </ma-notice>`

/** Notice of a stream that never had video. */
export const never = ({ id }: Stream, sends: boolean): TemplateResult =>
  html`<ma-notice heading="Nothing has been streamed yet">
    <p>${sends ? 'Send video to this stream and it' : 'As soon as video is sent to this stream, it'} appears here.</p>
    ${sends ? html`<ma-how-to .stream=${id}></ma-how-to>` : nothing}
  </ma-notice>`
