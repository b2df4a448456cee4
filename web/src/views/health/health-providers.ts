import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Provider, ProviderState } from '../../data/documents/model'
import { ago, providerName } from '../../data/format'
import { base, panel } from '../../style/base'

const WORDS: Readonly<Record<ProviderState, string>> = {
  ok: 'ok',
  failing: 'fails at times',
  open: 'left alone',
  probing: 'tried again',
}

/** Status of the providers, as observed by their last callers. */
@customElement('ma-health-providers')
export class HealthProviders extends LitElement {
  static override styles = [
    base,
    panel,
    css`
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 1px 12px;
        padding: 9px 16px 10px;
        border-top: 1px solid var(--line);
      }
      b {
        font-weight: 600;
      }
      .state {
        --tone: var(--good);
        display: inline-flex;
        align-items: center;
        justify-content: end;
        gap: 7px;
        color: var(--tone);
        font-size: 0.7812rem;
        font-weight: 500;
      }
      .failing,
      .probing {
        --tone: var(--warn);
      }
      .open {
        --tone: var(--live);
      }
      i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: currentColor;
      }
      .open i,
      .failing i {
        border-radius: 1px;
        transform: rotate(45deg);
      }
      .probing i {
        background: none;
        border: 2px solid currentColor;
      }
      small {
        color: var(--faint);
        font-size: 0.75rem;
        overflow-wrap: anywhere;
      }
      small:nth-of-type(2) {
        text-align: right;
      }
      p.error {
        grid-column: 1 / -1;
        margin: 3px 0 0;
        font-size: 0.7812rem;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
    `,
  ]

  @property({ attribute: false }) providers: readonly Provider[] = []
  @property({ type: Number }) now = 0

  override render(): TemplateResult {
    return html`
      <h2>Providers</h2>
      ${
        this.providers.length === 0
          ? html`<p class="empty">No provider has been called yet. The settings say which provider looks for what.</p>`
          : html`<ul>
              ${this.providers.map((one) => this.item(one))}
            </ul>`
      }
    `
  }

  private item({ id, state, model, device, queue, updated, lastError, lastErrorAt }: Provider): TemplateResult {
    const facts = [model, device, queue ? `${queue} in its queue` : ''].filter(Boolean).join(' · ')
    return html`<li>
      <b>${providerName(id)}</b>
      <span class="state ${state}"><i aria-hidden="true"></i>${WORDS[state]}</span>
      <small>${facts || 'model not known'}</small>
      <small>${updated === null ? nothing : ago(updated, this.now)}</small>
      ${
        lastError
          ? html`<p class="error">
              ${state === 'ok' ? 'Last error' : 'Error'}${lastErrorAt === null ? '' : `, ${ago(lastErrorAt, this.now)}`}: ${lastError}
            </p>`
          : nothing
      }
    </li>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-health-providers': HealthProviders
  }
}
