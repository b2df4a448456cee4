import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Provider } from '../../data/documents/model'
import { providerName } from '../../data/format'
import { moved } from '../../data/settings'
import { base } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { stateWords } from './explained'

/** Providers of a kind, the preferred one first. Fires `order` with the names. */
@customElement('ma-provider-order')
export class ProviderOrder extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    css`
      ol {
        display: grid;
        gap: 4px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 2px 8px;
        min-height: 28px;
      }
      .place {
        width: 14px;
        color: var(--faint);
        text-align: right;
      }
      li small {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        color: var(--faint);
        font-size: 0.75rem;
      }
      small i {
        width: 7px;
        height: 7px;
        border: 2px solid currentColor;
        border-radius: 50%;
      }
      small.ok i {
        border-color: var(--good);
        background: var(--good);
      }
      small.failing i,
      small.probing i {
        border-color: var(--warn);
        background: var(--warn);
      }
      small.open i {
        border-color: var(--live);
        background: var(--live);
        border-radius: 1px;
        transform: rotate(45deg);
      }
      .moves {
        display: flex;
        gap: 3px;
        margin-left: auto;
      }
      .moves button {
        width: 26px;
        height: 26px;
        padding: 0;
        color: var(--soft);
        background: none;
        border: 1px solid var(--line);
        border-radius: 7px;
      }
      .moves button:hover:not(:disabled) {
        color: var(--ink);
        border-color: var(--faint);
      }
      .moves button:disabled {
        opacity: 0.35;
        cursor: default;
      }
      .link + .link {
        margin-left: 12px;
      }
      .more {
        padding-left: 22px;
      }
    `,
  ]

  @property({ attribute: false }) names: readonly string[] = []
  /** Those that can look for this kind. */
  @property({ attribute: false }) able: readonly string[] = []
  @property({ attribute: false }) states: readonly Provider[] = []
  /** The kind, for the buttons' names. */
  @property() what = ''

  override render(): TemplateResult {
    const left = this.able.filter((name) => !this.names.includes(name))
    return html`<ol aria-label="Who looks for ${this.what}, the preferred one first">
        ${repeat(
          this.names,
          (name) => name,
          (name, at) => html`<li data-name=${name}>
            <span class="place" aria-hidden="true">${at + 1}</span> ${providerName(name)} ${this.state(name)}
            ${this.names.length > 1 ? this.moves(name, at) : nothing}
          </li>`,
        )}
      </ol>
      ${this.names.length === 0 ? html`<p class="wrong">No provider is chosen: add one.</p>` : nothing}
      ${
        left.length > 0
          ? html`<div class="more">
              ${left.map(
                (name) =>
                  html`<button class="link" type="button" @click=${() => this.set([...this.names, name])}>
                    + ${providerName(name)}
                  </button>`,
              )}
            </div>`
          : nothing
      }`
  }

  private state(name: string): TemplateResult {
    const state = this.states.find(({ id }) => id === name)
    return html`<small class=${state?.state ?? ''} title=${state?.lastError ?? ''}><i></i>${stateWords(state?.state)}</small>`
  }

  private moves(name: string, at: number): TemplateResult {
    const last = this.names.length - 1
    const who = `${providerName(name)} for ${this.what}`
    return html`<span class="moves">
      <button type="button" data-step="-1" aria-label="Move ${who} up" ?disabled=${at === 0} @click=${() => this.move(name, -1)}>↑</button>
      <button type="button" data-step="1" aria-label="Move ${who} down" ?disabled=${at === last} @click=${() => this.move(name, 1)}>↓</button>
      <button type="button" aria-label="Leave out ${who}" @click=${() => this.set(this.names.filter((one) => one !== name))}>×</button>
    </span>`
  }

  /** Keeps the focus on the moved provider; at an end, on its other button. */
  private async move(name: string, step: number): Promise<void> {
    this.set(moved(this.names, this.names.indexOf(name), step))
    await this.updateComplete
    const item = this.renderRoot.querySelector(`[data-name="${name}"]`)
    const [same, other] = [step, -step].map((to) => item?.querySelector<HTMLButtonElement>(`[data-step="${to}"]`))
    if (same && !same.disabled) same.focus()
    else other?.focus()
  }

  private set(names: readonly string[]): void {
    this.names = names
    this.dispatchEvent(new CustomEvent('order', { detail: names }))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-provider-order': ProviderOrder
  }
}
