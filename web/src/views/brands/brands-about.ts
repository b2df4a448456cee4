import { html, nothing, type TemplateResult } from 'lit'

/** Beside the list while no brand is open. `missing`: the one that the address names, and that there is not. */
export function about(missing: string): TemplateResult {
  return html`<section class="box about">
    ${missing ? html`<p class="said" role="alert">There is no brand “${missing}”. It may have been deleted.</p>` : nothing}
    <h2>How a brand is found</h2>
    <p>By <b>pictures of its mark</b>, compared in our own process, without a bill (provider Gallery).</p>
    <p>By <b>prompts</b>, words that CLIP compares the picture with.</p>
    <p>By the <b>name or an alias</b> that Cloud Vision knows it by.</p>
    <p>Which of them are used, and in which order, is in the <a href="?view=settings">settings</a>.</p>
  </section>`
}
