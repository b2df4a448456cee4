import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Shape } from '../../data/api/answers'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { Task } from '../../data/api/task'
import { stamp } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { pictured } from '../../ui/pictured'
import { unread } from '../../ui/unread'
import './channel-form'
import './rule-form'
import { spoken } from './kinds'
import { panel } from './styles'

type Rule = Shape<'Rule'>
type Alert = Shape<'Alert'>

const STATES: Readonly<Record<Shape<'DeliveryState'>, string>> = {
  pending: 'on its way',
  retrying: 'not delivered yet',
  delivered: 'delivered',
  failed: 'given up',
}

/** The rules of a tenant, its channels, and what fired, with the state of each delivery. */
@customElement('ma-rules')
export class Rules extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    panel,
    css`
      :host {
        max-width: 1000px;
      }
      .rows {
        padding: 0;
        list-style: none;
      }
      .rows li {
        display: flex;
        flex-wrap: wrap;
        gap: 8px 16px;
        align-items: center;
        padding: 10px 16px;
      }
      .rows li + li {
        border-top: 1px solid var(--line);
      }
      .grow {
        flex: 1 1 240px;
        min-width: 0;
        overflow-wrap: anywhere;
      }
      small {
        display: block;
        color: var(--soft);
      }
      img {
        width: 128px;
        aspect-ratio: 16 / 9;
        object-fit: contain;
        background: var(--bg);
        border-radius: 6px;
      }
      h2 {
        margin: 22px 0 10px;
      }
      .none {
        margin-bottom: 16px;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** The rule or channel whose deletion is asked about. */
  @state() private sure = ''
  private readonly rules = new Reading(this, () => this.api.get<'/rules'>('/rules'))
  private readonly channels = new Reading(this, () => this.api.get<'/channels'>('/channels'))
  private readonly alerts = new Reading(this, () => this.api.get<'/alerts'>('/alerts?limit=20'))
  private readonly changing = new Task(this)

  override render(): TemplateResult {
    for (const reading of [this.rules, this.channels, this.alerts]) {
      if (!reading.value) return unread(reading, 'rules')
    }
    const rules = this.rules.value?.rules ?? []
    const channels = this.channels.value?.channels ?? []
    const alerts = this.alerts.value?.alerts ?? []
    const { problem } = this.changing
    const may = this.session.may('operator')
    return html`
      <div class="title"><h1>Rules</h1></div>
      ${problem ? html`<p class="said bad" role="alert">Nothing was changed: ${problem.message}</p>` : nothing}
      ${rules.length === 0 ? html`<p class="none">There is no rule yet.</p>` : this.list('Rules', rules, (rule) => this.rule(rule, may))}
      ${may ? html`<ma-rule-form .channels=${channels} @made=${this.rules.again}></ma-rule-form>` : nothing}
      <h2>Channels</h2>
      ${
        channels.length === 0
          ? html`<p class="none">There is no channel yet: alerts are shown here alone.</p>`
          : this.list('Channels', channels, (channel) => this.channel(channel, may))
      }
      ${may ? html`<ma-channel-form @made=${this.channels.again}></ma-channel-form>` : nothing}
      <h2>Alerts</h2>
      <p class="none"><button class="button" @click=${this.alerts.again}>Read them again</button></p>
      ${
        alerts.length === 0
          ? html`<p class="none">No rule has fired yet.</p>`
          : this.list('Alerts, newest first', alerts, (alert) => this.alert(alert, channels, may))
      }
    `
  }

  private list<T extends { readonly id: string }>(
    name: string,
    items: readonly T[],
    row: (item: T) => TemplateResult,
  ): TemplateResult {
    return html`<ul class="rows" aria-label=${name}>
      ${repeat(
        items,
        ({ id }) => id,
        (item) => html`<li>${row(item)}</li>`,
      )}
    </ul>`
  }

  private rule({ id, name, what, stream, enabled }: Rule, may: boolean): TemplateResult {
    return html`<div class="grow"><b>${name}</b><small>${spoken(what)} · ${stream ?? 'all streams'}</small></div>
      <label class="check">
        <input type="checkbox" .checked=${enabled} ?disabled=${!may || this.changing.busy} @change=${() => this.enable(id, !enabled)} />
        in force<span class="visually-hidden">: ${name}</span>
      </label>
      ${may ? this.deletion(id, name, () => this.api.delete<'/rules/{rule}'>(`/rules/${id}`), this.rules) : nothing}`
  }

  private channel({ id, name, kind, shown }: Shape<'Channel'>, may: boolean): TemplateResult {
    return html`<div class="grow"><b>${name}</b><small>${kind} · ${shown}</small></div>
      ${may ? this.deletion(id, name, () => this.api.delete<'/channels/{channel}'>(`/channels/${id}`), this.channels) : nothing}`
  }

  private alert(alert: Alert, channels: readonly Shape<'Channel'>[], may: boolean): TemplateResult {
    const { id, rule_name, text, stream, session, at, media_time, snapshot, deliveries } = alert
    return html`${snapshot ? html`<img alt="" loading="lazy" src=${pictured(snapshot)} />` : nothing}
      <div class="grow">
        <b>${rule_name}</b>: ${text}
        <small><a href=${`?stream=${stream}&session=${session}&t=${media_time}`}>${stream}, ${stamp(Date.parse(at), 'full')}</a></small>
        ${deliveries.map(({ channel, state, attempts, error }) => {
          const name = channels.find((one) => one.id === channel)?.name ?? 'a channel that was deleted'
          return html`<small>
            ${name}: ${STATES[state]} (${attempts} ${attempts === 1 ? 'attempt' : 'attempts'})${error ? html`: ${error}` : nothing}
            ${
              may
                ? html`<button class="button" ?disabled=${this.changing.busy} @click=${() => this.replay(id, channel)}>
                    Send again<span class="visually-hidden"> to ${name}</span>
                  </button>`
                : nothing
            }
          </small>`
        })}
      </div>`
  }

  private deletion(id: string, name: string, gone: () => Promise<unknown>, listed: Reading<unknown>): TemplateResult {
    const { busy } = this.changing
    if (this.sure !== id) {
      return html`<button class="button" ?disabled=${busy} @click=${() => this.ask(id)}>
        Delete<span class="visually-hidden"> ${name}</span>
      </button>`
    }
    return html`<button class="button stop" ?disabled=${busy} @click=${() => this.change(gone, listed)}>Yes, delete</button>
      <button class="button" ?disabled=${busy} @click=${() => this.ask('')}>Keep</button>`
  }

  private ask(id: string): void {
    this.sure = id
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.button.stop')?.focus())
  }

  private enable(id: string, enabled: boolean): Promise<void> {
    return this.change(() => this.api.patch<'/rules/{rule}'>(`/rules/${id}`, { enabled }), this.rules)
  }

  private replay(alert: string, channel: string): Promise<void> {
    const path = `/alerts/${alert}/deliveries/${channel}/replay`
    return this.change(() => this.api.post<'/alerts/{alert}/deliveries/{channel}/replay'>(path), this.alerts)
  }

  private async change(work: () => Promise<unknown>, listed: Reading<unknown>): Promise<void> {
    await this.changing.run(work)
    this.sure = ''
    await listed.again()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-rules': Rules
  }
}
