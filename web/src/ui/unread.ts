import { html, type TemplateResult } from 'lit'
import type { Reading } from '../data/api/reading'
import './notice'

/** In place of a view whose answer is not there yet: that it is asked for, or why not and the way to try again. */
export function unread(reading: Reading<unknown>, what: string): TemplateResult {
  const { problem } = reading
  if (!problem) return html`<ma-notice heading="Asking the API…"></ma-notice>`
  return html`<ma-notice tone="error" heading=${`The ${what} cannot be read`}>
    <p>${problem.message}</p>
    <p><button class="button" @click=${reading.again}>Try again</button></p>
  </ma-notice>`
}
