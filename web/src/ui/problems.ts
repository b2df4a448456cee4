import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Problem } from '../data/health/problems'
import { base } from '../style/base'

/** One banner for each problem; empty without problems. */
@customElement('ma-problems')
export class Problems extends LitElement {
  static override styles = [
    base,
    css`
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr));
        gap: 8px;
        margin: 0 0 14px;
        padding: 0;
        list-style: none;
      }
      li {
        --tone: var(--warn);
        display: grid;
        grid-template-columns: auto minmax(0, 1fr) auto;
        gap: 2px 12px;
        align-content: start;
        align-items: baseline;
        padding: 10px 16px;
        border: 1px solid color-mix(in srgb, var(--tone) 45%, transparent);
        border-radius: 10px;
        background: color-mix(in srgb, var(--tone) 14%, var(--panel));
      }
      li.bad {
        --tone: var(--live);
      }
      svg {
        align-self: center;
        color: var(--tone);
      }
      b {
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      p {
        grid-column: 2 / -1;
        margin: 0;
        color: var(--soft);
        overflow-wrap: anywhere;
      }
      a {
        color: inherit;
        white-space: nowrap;
      }
    `,
  ]

  @property({ attribute: false }) problems: readonly Problem[] = []
  /** Whether each leads to its stream; not on that stream's own page. */
  @property({ type: Boolean }) links = false

  /** Announced to screen readers when a problem comes or goes, not each second that it lasts. */
  private said = ''
  private ids = ''

  override willUpdate(): void {
    const ids = this.problems.map(({ id }) => id).join()
    if (ids === this.ids) return
    this.ids = ids
    this.said = this.problems.map(({ title }) => title).join('. ')
  }

  override render(): TemplateResult {
    return html`
      <div class="visually-hidden" role="status">${this.said}</div>
      ${
        this.problems.length === 0
          ? nothing
          : html`<ul>
              ${repeat(
                this.problems,
                ({ id }) => id,
                (problem) => this.banner(problem),
              )}
            </ul>`
      }
    `
  }

  private banner({ tone, title, advice, stream }: Problem): TemplateResult {
    return html`<li class=${tone}>
      ${tone === 'bad' ? CROSS : MARK}
      <b>${title}</b>
      ${
        this.links && stream
          ? html`<a href="?stream=${encodeURIComponent(stream)}">Open<span class="visually-hidden"> ${stream}</span></a>`
          : html`<span></span>`
      }
      ${advice ? html`<p>${advice}</p>` : nothing}
    </li>`
  }
}

const CROSS = html`<svg width="15" height="15" viewBox="0 0 15 15" role="img" aria-label="Problem">
  <rect x="1" y="1" width="13" height="13" rx="3" fill="none" stroke="currentColor" stroke-width="1.6" />
  <path d="M5 5l5 5M10 5l-5 5" stroke="currentColor" stroke-width="1.6" />
</svg>`
const MARK = html`<svg width="15" height="15" viewBox="0 0 15 15" role="img" aria-label="Warning">
  <path d="M7.5 1.4 14 13.4H1z" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" />
  <path d="M7.5 6v3.4M7.5 11v1" stroke="currentColor" stroke-width="1.6" />
</svg>`

declare global {
  interface HTMLElementTagNameMap {
    'ma-problems': Problems
  }
}
