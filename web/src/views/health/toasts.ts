import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Problem } from '../../data/health/problems'
import { base } from '../../style/base'

const STAYS = 10_000

/** A toast for each new problem, and a system notification if that was allowed. */
@customElement('ma-toasts')
export class Toasts extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: fixed;
        right: 20px;
        bottom: 20px;
        z-index: 5;
        display: grid;
        gap: 8px;
        width: min(360px, calc(100vw - 40px));
      }
      div {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 10px;
        padding: 11px 10px 11px 16px;
        color: var(--ink);
        background: var(--raised);
        border: 1px solid var(--live);
        border-radius: 10px;
        box-shadow: 0 8px 30px rgb(0 0 0 / 0.35);
        animation: rise 0.18s ease-out;
      }
      button {
        width: 24px;
        height: 24px;
        padding: 0;
        border: 0;
        border-radius: 6px;
        background: none;
      }
      @keyframes rise {
        from {
          opacity: 0;
          transform: translateY(8px);
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ]

  @property({ attribute: false }) problems: readonly Problem[] = []
  /** Whether all existing problems are known: later ones are new. */
  @property({ attribute: false }) settled = false
  @state() private shown: readonly Problem[] = []
  /** Ids of known problems: those that exist when the page opens raise no toast. */
  private known: ReadonlySet<string> = new Set()

  override willUpdate(changes: Map<string, unknown>): void {
    if (!changes.has('problems')) return
    if (this.settled) for (const problem of this.problems) if (!this.known.has(problem.id)) this.raise(problem)
    this.known = new Set(this.problems.map(({ id }) => id))
  }

  override render(): TemplateResult {
    // ma-problems announces it to screen readers.
    return html`${repeat(
      this.shown,
      ({ id }) => id,
      (problem) => html`<div>
        ${problem.title}
        <button aria-label="Dismiss: ${problem.title}" @click=${() => this.dismiss(problem.id)}>✕</button>
      </div>`,
    )}`
  }

  private raise(problem: Problem): void {
    this.shown = [...this.shown.filter(({ id }) => id !== problem.id), problem]
    window.setTimeout(() => this.dismiss(problem.id), STAYS)
    if ('Notification' in window && Notification.permission === 'granted' && document.hidden) {
      new Notification('Media Analyzer', { body: problem.title, tag: problem.id })
    }
  }

  private dismiss(id: string): void {
    this.shown = this.shown.filter((one) => one.id !== id)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-toasts': Toasts
  }
}
