import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import './command'

/** Shows a new stream key: the only time that it can be seen. */
@customElement('ma-new-key')
export class NewKey extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      ma-command {
        margin: 0;
      }
      p {
        margin: 0;
        color: var(--soft);
      }
    `,
  ]

  @property({ attribute: false }) streamKey = ''

  override render(): TemplateResult {
    return html`
      <p class="said" role="status">
        <b>Copy the stream’s key now: it is not shown again.</b> With it, anyone can send video to this stream. If it is lost,
        a new one can be made under Manage.
      </p>
      <ma-command .text=${this.streamKey} label="Copy the key"></ma-command>
      <p>Those who may change the stream go live and upload from this page without it.</p>
    `
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-new-key': NewKey
  }
}
