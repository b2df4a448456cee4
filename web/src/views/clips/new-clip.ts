import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { toSession } from '../../data/documents/documents'
import { clock, stamps, title } from '../../data/format'
import { Live } from '../../data/live/live'
import { sessionsOf } from '../../data/live/sessions'
import { database, operatorApi } from '../../data/services'
import { base, panel } from '../../style/base'
import { forms } from '../../style/forms'

const KINDS = ['logo', 'text', 'object', 'label', 'face', 'safe_search'] as const
type Kind = (typeof KINDS)[number]

/** Around the moment that the address names (s). */
const AROUND = 5

/** Asks for a clip of a range. */
@customElement('ma-new-clip')
export class NewClip extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    css`
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        align-items: end;
        padding: 12px 16px 14px;
      }
      label.time {
        width: 110px;
      }
      label.session {
        min-width: 200px;
      }
      .check {
        height: 36px;
      }
      p {
        margin: 0;
        flex-basis: 100%;
      }
      .reel {
        flex-basis: auto;
        align-self: center;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  /** The address: `session`, and `from` and `to` (s), `t`, or `label` and `kind`, fill the form. */
  @property({ attribute: false }) query = new URLSearchParams()
  private readonly sessions = new Live(this, toSession)
  private readonly asking = new Task(this)
  private said = ''

  override willUpdate(): void {
    this.sessions.follow(this.stream, () => sessionsOf(this.db, this.stream))
  }

  override render(): TemplateResult | typeof nothing {
    const all = this.sessions.items ?? []
    if (all.length === 0) return nothing
    const chosen = this.query.get('session') ?? all[0]?.id ?? ''
    const when = stamps(all.map(({ started }) => started))
    const label = this.query.get('label')
    const { busy, problem } = this.asking
    return html`<form aria-label="New clip" @submit=${this.submit}>
      <label class="session">Session
        <select name="session">
          ${all.map(
            ({ id, mediaSeconds }, i) =>
              html`<option value=${id} ?selected=${id === chosen}>${when[i]} · ${clock(mediaSeconds)}</option>`,
          )}
        </select>
      </label>
      ${label === null ? this.range() : html`<p class="reel">All appearances of <b>${title(label, this.kind)}</b>, joined</p>`}
      ${this.options()}
      <button class="button primary" ?disabled=${busy}>${busy ? 'Asking…' : label === null ? 'Cut' : 'Make the reel'}</button>
      ${problem ? html`<p class="said bad" role="alert">Nothing was cut: ${problem.message}</p>` : nothing}
      <p class=${this.said ? '' : 'visually-hidden'} role="status">${this.said}</p>
    </form>`
  }

  private range(): TemplateResult {
    const moment = Number(this.query.get('t') ?? Number.NaN)
    const around = (side: number): string => (Number.isFinite(moment) ? Math.max(0, moment + side).toFixed(1) : '')
    return html`<label class="time">From (s)
        <input type="text" inputmode="decimal" name="from" required pattern="[0-9]+([.][0-9]+)?" .value=${this.query.get('from') ?? around(-AROUND)} />
      </label>
      <label class="time">To (s)
        <input type="text" inputmode="decimal" name="to" required pattern="[0-9]+([.][0-9]+)?" .value=${this.query.get('to') ?? around(AROUND)} />
      </label>`
  }

  private options(): TemplateResult {
    const exact = 'At the very frames, by encoding; else at the keyframes around them, by copying'
    return html`<label class="check" title=${exact}>
        <input type="checkbox" name="exact" ?checked=${this.query.has('label')} /> Exactly
      </label>
      <label class="check"><input type="checkbox" name="boxes" /> With boxes</label>`
  }

  /** Of the label, and of the boxes. */
  private get kind(): Kind {
    const kind = this.query.get('kind') ?? ''
    return KINDS.find((one) => one === kind) ?? 'logo'
  }

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault()
    const given = new FormData(event.target as HTMLFormElement)
    const label = this.query.get('label')
    const at = `/streams/${encodeURIComponent(this.stream)}/sessions/${encodeURIComponent(String(given.get('session')))}/clips`
    const done = await this.asking.run(() =>
      this.api.post<'/streams/{stream}/sessions/{session}/clips'>(at, {
        ...(label === null ? { from: Number(given.get('from')), to: Number(given.get('to')) } : { label }),
        kind: this.kind,
        boxes: given.has('boxes'),
        cut: given.has('exact') ? 'exact' : 'keyframes',
      }),
    )
    this.said = done ? 'It is below.' : ''
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-new-clip': NewClip
  }
}
