import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { DeadLetter, Running } from '../../data/health/model'
import { type Problem, problemsOf } from '../../data/health/problems'
import type { Session } from '../../data/identity/session'
import { serverClock } from '../../data/server-clock'
import { database, identity } from '../../data/services'
import { base, view } from '../../style/base'
import { HealthStore } from './store'
import './dead-letters'
import './health-providers'
import './health-stream'
import '../../ui/notice'
import './notify-button'
import '../../ui/problems'
import './toasts'

/** Health of all streams: input, latency, backlog and problems. */
@customElement('ma-health')
export class Health extends LitElement {
  static override styles = [
    base,
    view,
    css`
      :host {
        max-width: 1680px;
      }
      .summary {
        color: var(--soft);
      }
      ma-notify-button {
        margin-left: auto;
      }
      .verdict {
        display: inline-flex;
        align-items: center;
        gap: 7px;
        padding: 3px 11px;
        border-radius: 99px;
        font-size: 0.7812rem;
        font-weight: 500;
        color: var(--tone);
        background: color-mix(in srgb, var(--tone) 9%, var(--panel));
      }
      .verdict.good {
        --tone: var(--good);
      }
      .verdict.bad {
        --tone: var(--live);
      }
      .verdict i {
        width: 8px;
        height: 8px;
        border-radius: 50%;
        background: currentColor;
      }
      .verdict.bad i {
        border-radius: 1px;
        transform: rotate(45deg);
      }
      .banner {
        margin: 0 0 14px;
        padding: 10px 16px;
        border-radius: 10px;
        color: var(--ink);
        background: color-mix(in srgb, var(--warn) 18%, var(--panel));
        border: 1px solid color-mix(in srgb, var(--warn) 45%, transparent);
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 400px;
        gap: 16px;
        align-items: start;
      }
      section,
      aside {
        display: grid;
        gap: 14px;
        min-width: 0;
      }
      .none {
        padding: 28px 24px;
        background: var(--panel);
        border: 1px dashed var(--line);
        border-radius: var(--radius);
      }
      .none h2 {
        margin: 0 0 4px;
        font-size: 0.9375rem;
      }
      .none p {
        margin: 0;
        color: var(--soft);
      }
      @media (max-width: 1060px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  @state() private letters: readonly DeadLetter[] | null = null
  private store: HealthStore | null = null
  /** Dead letters that were there before raise no toast. */
  private telling = false
  private timer = 0
  private readonly changed = (): void => this.requestUpdate()

  override connectedCallback(): void {
    super.connectedCallback()
    this.store ??= new HealthStore(this.db, this.session)
    this.store.addEventListener('change', this.changed)
    this.store.open()
    this.timer = window.setInterval(this.changed, 1000)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.clearInterval(this.timer)
    this.store?.removeEventListener('change', this.changed)
    this.store?.close()
  }

  override render(): TemplateResult {
    const { store } = this
    const now = serverClock.now()
    const running = store?.running(now) ?? null
    if (!store || !running) return this.unknown(store?.error ?? null)
    const problems = problemsOf({ running, providers: store.providers ?? [], letters: this.letters, now })
    return html`
      <div class="title">
        <h1>Health</h1>
        ${this.verdict(problems)}
        <span class="summary">${summary(running)}</span>
        <ma-notify-button></ma-notify-button>
      </div>
      ${store.error ? html`<p class="banner" role="status">${store.error} The page keeps trying.</p>` : nothing}
      <ma-problems links .problems=${problems}></ma-problems>
      <div class="columns">
        <section aria-label="Streams that run" aria-busy=${store.settled ? 'false' : 'true'}>${this.streams(running, problems, now)}</section>
        <aside>
          ${
            this.session.operates
              ? html`<ma-health-providers .providers=${store.providers ?? []} .now=${now}></ma-health-providers>
                  <ma-dead-letters .now=${now} @letters=${this.told}></ma-dead-letters>`
              : html`<div class="none">
                  <h2>Providers and dead letters</h2>
                  <p>These are the deployment’s. Its operators see them; ask one of them where something here fails.</p>
                </div>`
          }
        </aside>
      </div>
      <ma-toasts .problems=${problems} .settled=${store.settled && !this.telling}></ma-toasts>
    `
  }

  override updated(): void {
    this.telling = false
  }

  private unknown(error: string | null): TemplateResult {
    return error
      ? html`<ma-notice tone="error" heading="Health data is unavailable">
          <p>${error} The page keeps trying. <a href="./index.html">See all streams</a></p>
        </ma-notice>`
      : html`<ma-notice heading="Asking the database…">
          <p>If this takes long, the database cannot be reached; the page keeps trying.</p>
        </ma-notice>`
  }

  private verdict(problems: readonly Problem[]): TemplateResult {
    if (problems.length === 0) return html`<span class="verdict good"><i aria-hidden="true"></i>All is well</span>`
    const text = problems.length === 1 ? 'One problem' : `${problems.length} problems`
    return html`<span class="verdict bad"><i aria-hidden="true"></i>${text}</span>`
  }

  private streams(running: readonly Running[], problems: readonly Problem[], now: number): TemplateResult {
    if (running.length === 0) {
      return html`<div class="none">
        <h2>No stream runs now</h2>
        <p>As soon as one is live, its figures appear here. <a href="./index.html">See all streams</a></p>
      </div>`
    }
    return html`${repeat(
      running,
      ({ stream }) => stream.id,
      (one) => html`<ma-health-stream
        .running=${one}
        .now=${now}
        .stalled=${problems.some(({ id }) => id === `stalled/${one.stream.id}`)}
      ></ma-health-stream>`,
    )}`
  }

  private readonly told = (event: CustomEvent<readonly DeadLetter[] | null>): void => {
    this.telling = this.letters === null && event.detail !== null
    this.letters = event.detail
  }
}

function summary(running: readonly Running[]): string {
  const live = running.filter(({ stream }) => stream.state === 'live').length
  if (live === 0) return 'No stream is live'
  return live === 1 ? 'One stream is live' : `${live} streams are live`
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-health': Health
  }
}
