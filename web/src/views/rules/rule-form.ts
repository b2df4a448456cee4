import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Answer, Shape } from '../../data/api/answers'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { stamp } from '../../data/format'
import { operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import { KINDS, type Kind, whatOf } from './kinds'
import { panel } from './styles'

/** Makes a rule, or tests it against the last day. Fires `made`. */
@customElement('ma-rule-form')
export class RuleForm extends LitElement {
  static override styles = [
    base,
    forms,
    panel,
    css`
      ol {
        margin: 0;
        padding-left: 20px;
        overflow-wrap: anywhere;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property({ attribute: false }) channels: readonly Shape<'Channel'>[] = []
  @state() private kind: Kind = 'absent'
  @state() private past: Answer<'post', '/rule-tests'> | null = null
  private readonly task = new Task(this)

  override render(): TemplateResult {
    const { busy, problem } = this.task
    return html`<form @submit=${this.submit} @input=${this.changed}>
      <h2>New rule</h2>
      <div class="line">
        <label>Name <input name="name" type="text" autocomplete="off" maxlength="100" required /></label>
        <label>Stream <input name="stream" type="text" autocomplete="off" placeholder="all streams" /></label>
        <label>
          When
          <select name="kind" @change=${this.choose}>
            ${Object.entries(KINDS).map(([kind, { title }]) => html`<option value=${kind} ?selected=${kind === this.kind}>${title}</option>`)}
          </select>
        </label>
        ${KINDS[this.kind].fields.map(
          ({ name, label, type, value }) => html`<label>
            ${label}
            <input name=${name} type="text" inputmode=${type === 'number' ? 'decimal' : 'text'} .value=${value ?? ''} autocomplete="off" required />
          </label>`,
        )}
        <label>Least seconds between alerts <input name="cooldown" type="text" inputmode="decimal" value="60" required /></label>
      </div>
      ${
        this.channels.length > 0
          ? html`<div class="line" role="group" aria-label="Channels">
              ${this.channels.map(({ id, name }) => html`<label class="check"><input type="checkbox" name="channels" value=${id} /> ${name}</label>`)}
            </div>`
          : nothing
      }
      <div class="line">
        <button class="button primary" ?disabled=${busy}>Make the rule</button>
        <button class="button" type="button" ?disabled=${busy} @click=${this.test}>${busy ? 'Asking…' : 'Test against the last day'}</button>
      </div>
      ${problem ? html`<p class="said bad" role="alert">${problem.message}</p>` : nothing}
      ${this.past ? this.told(this.past) : nothing}
    </form>`
  }

  private told({ fired, sessions, seconds, more }: Answer<'post', '/rule-tests'>): TemplateResult {
    const looked = `${sessions} ${sessions === 1 ? 'session' : 'sessions'}, ${Math.round(seconds / 60)} minutes`
    return html`<p role="status">It would have fired ${fired.length} ${fired.length === 1 ? 'time' : 'times'} (${looked}${more ? ', and there are more' : ''}).</p>
      <ol>
        ${fired.slice(0, 50).map(
          ({ stream, session, at, media_time, text }) => html`<li>
            <a href=${`?stream=${stream}&session=${session}&t=${media_time}`}>${stamp(Date.parse(at), 'full')}, ${stream}</a>: ${text}
          </li>`,
        )}
      </ol>`
  }

  private get form(): FormData {
    return new FormData(this.renderRoot.querySelector('form') ?? undefined)
  }

  private readonly choose = (event: Event): void => {
    this.kind = (event.target as HTMLSelectElement).value as Kind
  }

  private readonly changed = (): void => {
    this.past = null
  }

  /** What the API takes for both. */
  private asked(form: FormData): { what: Shape<'Rule'>['what']; stream: string | null; cooldown: number } {
    const typed = (name: string): string => String(form.get(name) ?? '')
    return {
      what: whatOf(this.kind, typed),
      stream: typed('stream').trim() || null,
      cooldown: Number(typed('cooldown')),
    }
  }

  private readonly test = async (): Promise<void> => {
    const asked = this.asked(this.form)
    this.past = (await this.task.run(() => this.api.post<'/rule-tests'>('/rule-tests', asked))) ?? null
  }

  private readonly submit = async (event: Event): Promise<void> => {
    event.preventDefault()
    const form = this.form
    const body = { ...this.asked(form), name: String(form.get('name')), channels: form.getAll('channels').map(String) }
    const made = await this.task.run(() => this.api.post<'/rules'>('/rules', body))
    if (!made) return
    this.renderRoot.querySelector('form')?.reset()
    this.past = null
    this.dispatchEvent(new CustomEvent('made'))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-rule-form': RuleForm
  }
}
