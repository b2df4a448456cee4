import { consume } from '@lit/context'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { Task } from '../../data/api/task'
import { stamp } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { ofTenant, type Row } from '../../data/quotas/quotas'
import { identity, operatorApi } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import '../../ui/quotas/limits'
import '../../ui/quotas/meters'
import { unread } from '../../ui/unread'

/** The limits of the tenant, and what is used of them. Those who run the deployment change them here. */
@customElement('ma-quotas')
export class Quotas extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      :host {
        max-width: 760px;
      }
      .title span,
      .note {
        color: var(--soft);
      }
      section {
        margin-bottom: 16px;
        padding: 16px 18px 18px;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      h2 {
        margin: 0 0 12px;
        font-size: 0.875rem;
      }
      .note {
        margin: 0;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @state() private said = ''
  private readonly reading = new Reading(this, () => this.api.get<'/quotas'>('/quotas'))
  private readonly changing = new Task(this)

  override render(): TemplateResult {
    const quotas = this.reading.value
    if (!quotas) return unread(this.reading, 'quotas')
    const rows = ofTenant(quotas)
    return html`
      <div class="title"><h1>Quotas</h1><span>of the tenant “${quotas.tenant}”</span></div>
      <section aria-labelledby="used">
        <h2 id="used">Used today, until ${stamp(Date.parse(quotas.day_ends))}</h2>
        <ma-quota-meters .rows=${rows} explained></ma-quota-meters>
      </section>
      <section aria-labelledby="limits">
        <h2 id="limits">Limits</h2>
        ${this.limits(rows)}
      </section>
    `
  }

  private limits(rows: readonly Row[]): TemplateResult {
    if (!this.session.operates) {
      return html`<p class="note">
        Administrators of the tenant that runs the deployment set them: ask one of those for more.
      </p>`
    }
    const { busy, problem } = this.changing
    return html`<ma-quota-limits
      .rows=${rows}
      .busy=${busy}
      .problem=${problem}
      .said=${this.said}
      @limits=${this.change}
    ></ma-quota-limits>`
  }

  private readonly change = async (event: CustomEvent<Record<string, number | null>>): Promise<void> => {
    this.said = ''
    const changed = await this.changing.run(() => this.api.patch<'/quotas'>('/quotas', event.detail))
    if (!changed) return
    this.reading.take(changed)
    this.said = 'Saved: they hold within ten seconds.'
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-quotas': Quotas
  }
}
