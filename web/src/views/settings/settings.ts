import { collection, type Firestore, limit, query } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query as element, property } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { brandsOf, toBrand } from '../../data/documents/brand'
import { toProvider, toStream } from '../../data/documents/documents'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { streamsOf } from '../../data/live/streams-of'
import { database, identity, operatorApi } from '../../data/services'
import { over, type Settings } from '../../data/settings'
import { base, view } from '../../style/base'
import { editing } from '../../style/editing'
import { forms } from '../../style/forms'
import { SettingsEditor } from './settings-editor'
import './gate'
import './kinds-section'
import './own-providers-section'
import { Leaving } from '../../ui/leaving'
import { navigation } from '../../ui/navigation'
import '../../ui/notice'
import './sampling-section'
import './speech-section'
import '../../ui/change-status'
import type { ChangeStatus } from '../../ui/change-status'
import './brands-section'

/** Providers whose state is shown. */
const MOST = 20

/** Analysis settings of all streams, or of one. */
@customElement('ma-settings')
export class SettingsPage extends LitElement {
  static override styles = [
    base,
    forms,
    editing,
    view,
    css`
      :host {
        max-width: 1480px;
      }
      .title select {
        width: auto;
        min-width: 220px;
        max-width: 100%;
      }
      .title p {
        flex: 1 1 300px;
        margin: 0;
        color: var(--soft);
      }
      .columns {
        display: grid;
        grid-template-columns: minmax(0, 1fr) 440px;
        gap: 16px;
        align-items: start;
      }
      .sections {
        display: grid;
        gap: 14px;
      }
      ma-gate {
        position: sticky;
        top: 16px;
      }
      .bar {
        display: grid;
        gap: 10px;
        padding: 10px 14px;
      }
      .bar.changed {
        position: sticky;
        bottom: 12px;
        z-index: 1;
        box-shadow: 0 6px 24px rgb(0 0 0 / 0.28);
      }
      @media (max-width: 1080px) {
        .columns {
          grid-template-columns: minmax(0, 1fr);
        }
        ma-gate {
          position: static;
        }
      }
      @media (max-width: 560px) {
        .title select {
          width: 100%;
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** The stream; empty for all streams. */
  @property() stream = ''
  @element('ma-change-status') private changeStatus!: ChangeStatus
  private editor: SettingsEditor | null = null
  private readonly streams = new Live(this, toStream)
  private readonly brands = new Live(this, toBrand)
  private readonly states = new Live(this, toProvider)

  constructor() {
    super()
    new Leaving(this, () => (this.editor?.changed ?? 0) > 0, 'Leave without saving the settings that you changed?')
  }

  override willUpdate(): void {
    const { db, api } = this
    this.streams.follow('all', () => streamsOf(db, this.session))
    this.brands.follow('all', () => brandsOf(db, this.session.member?.tenant ?? ''))
    this.states.follow('all', () => (this.session.operates ? query(collection(db, 'providers'), limit(MOST)) : null))
    if (!this.editor) {
      this.editor = new SettingsEditor(api, this.stream)
      this.editor.addEventListener('change', () => this.requestUpdate())
      void this.editor.load()
    }
  }

  override render(): TemplateResult {
    const { editor, stream } = this
    const about = stream
      ? 'These settings apply to this stream only; the rest follow those of all streams.'
      : 'These settings apply to every stream without its own; the rest are this deployment’s defaults.'
    return html`<header class="title">
        <h1>Settings</h1>
        <select aria-label="Whose settings" @change=${this.go}>
          ${this.session.operates ? html`<option value="" ?selected=${!stream}>All streams</option>` : nothing}
          ${(this.streams.items ?? []).map(
            ({ id, name }) => html`<option value=${id} ?selected=${id === stream}>${name}</option>`,
          )}
        </select>
        <p>${about}</p>
      </header>
      <ma-change-status .stream=${stream}></ma-change-status>
      <div class="columns">
        <div class="sections">${editor ? this.edited(editor) : nothing} ${editor ? this.ownProviders(editor) : nothing}</div>
        <ma-gate
          .stream=${stream}
          .budget=${budget(editor)}
        ></ma-gate>
      </div>`
  }

  private edited(editor: SettingsEditor): TemplateResult {
    const { own, base: usual, configuration, problem } = editor
    if (!own || !usual || !configuration) {
      return problem
        ? html`<ma-notice tone="error" heading="The settings cannot be read">
            <p>${problem}</p>
            <button class="button" @click=${() => editor.load()}>Try again</button>
          </ma-notice>`
        : html`<ma-notice heading="Asking the API…"></ma-notice>`
    }
    const refused = { field: editor.field, why: problem }
    return html`<form class="sections" novalidate @submit=${this.save}>
      <ma-kinds-section
        .own=${own}
        .base=${usual}
        .providers=${editor.providers}
        .states=${this.states.items ?? []}
        .refused=${refused}
        @own=${this.edit}
      ></ma-kinds-section>
      <ma-brands-section .own=${own} .base=${usual} .brands=${this.brands.items ?? []} .refused=${refused} @own=${this.edit}></ma-brands-section>
      <ma-sampling-section
        .own=${own}
        .base=${usual}
        .limits=${configuration.limits}
        .refused=${refused}
        @own=${this.edit}
      ></ma-sampling-section>
      <ma-speech-section .own=${own} .base=${usual} .refused=${refused} @own=${this.edit}></ma-speech-section>
      ${this.bar(editor)}
    </form>`
  }

  /** Those who run the deployment see them; the API takes changes of its administrators. */
  private ownProviders(editor: SettingsEditor): TemplateResult | typeof nothing {
    const { configuration, providers, stream } = editor
    if (!configuration || stream || !this.session.operates || !this.session.may('admin')) return nothing
    return html`<ma-own-providers-section
      .api=${this.api}
      .stored=${configuration.config.own_providers ?? {}}
      .providers=${providers}
      @stored=${() => editor.load()}
    ></ma-own-providers-section>`
  }

  private bar(editor: SettingsEditor): TemplateResult {
    const { changed, working, problem } = editor
    return html`<div class="bar box ${changed > 0 || problem ? 'changed' : ''}">
      ${problem ? html`<p class="said bad" role="alert">Not saved: ${problem}</p>` : nothing}
      <div class="row">
        <button class="button primary" ?disabled=${changed === 0 || working}>${working ? 'Saving…' : 'Save'}</button>
        <button class="button" type="button" ?disabled=${changed === 0 || working} @click=${() => editor.discard()}>
          Discard
        </button>
        <span class="hint" role="status">
          ${changed === 0 ? 'No changes.' : `${changed} ${changed === 1 ? 'setting is' : 'settings are'} changed.`}
        </span>
      </div>
    </div>`
  }

  private readonly edit = (event: CustomEvent<Settings>): void => this.editor?.edit(event.detail)

  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault()
    this.changeStatus.begin()
    if (await this.editor?.save()) this.changeStatus.done()
  }

  private readonly go = (event: Event): void => {
    const choice = event.target as HTMLSelectElement
    const stream = encodeURIComponent(choice.value)
    if (!navigation.go(stream ? `?stream=${stream}&settings` : '?view=settings')) choice.value = this.stream
  }
}

/** Frames an hour, as edited, shown beside the actual rate. */
function budget(editor: SettingsEditor | null): number | null {
  if (!editor?.own || !editor.base) return null
  return over(editor.own, editor.base).sampling.calls_per_hour ?? null
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-settings': SettingsPage
  }
}
