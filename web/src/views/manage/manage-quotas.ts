import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { Reading } from '../../data/api/reading'
import { Task } from '../../data/api/task'
import type { Session } from '../../data/identity/session'
import { foretold, ofStream, type StreamQuotas } from '../../data/quotas/quotas'
import { identity, operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'
import '../../ui/quotas/limits'
import '../../ui/quotas/meters'
import { card } from './manage-styles'

/** The limits of one stream and what is used of them; operators change them. */
@customElement('ma-manage-quotas')
export class ManageQuotas extends LitElement {
  static override styles = [base, forms, card]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  @property() stream = ''
  @state() private said = ''
  private readonly reading = new Reading(this, () => this.api.get<'/streams/{stream}/quotas'>(this.path))
  private readonly changing = new Task(this)

  override render(): TemplateResult {
    const { value } = this.reading
    return html`<h2>Quotas</h2>
      ${value ? this.known(value) : this.waiting()}`
  }

  private waiting(): TemplateResult {
    const { problem } = this.reading
    if (!problem) return html`<p class="note">Asking the API…</p>`
    return html`<p class="said bad" role="alert">The quotas cannot be read: ${problem.message}</p>
      <div class="row"><button class="button" @click=${this.reading.again}>Try again</button></div>`
  }

  private known(quotas: StreamQuotas): TemplateResult {
    const { busy, problem } = this.changing
    const [rows, said] = [ofStream(quotas), foretold(quotas)]
    return html`<ma-quota-meters .rows=${rows} explained></ma-quota-meters>
      ${said ? html`<p class="note">${said}</p>` : nothing}
      ${
        this.session.may('operator')
          ? html`<ma-quota-limits
              .rows=${rows}
              .busy=${busy}
              .problem=${problem}
              .said=${this.said}
              @limits=${this.change}
            ></ma-quota-limits>`
          : html`<p class="note">Operators of the tenant change the limits: ask one of them for more.</p>`
      }`
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}/quotas`
  }

  private readonly change = async (event: CustomEvent<Record<string, number | null>>): Promise<void> => {
    this.said = ''
    const changed = await this.changing.run(() => this.api.patch<'/streams/{stream}/quotas'>(this.path, event.detail))
    if (!changed) return
    this.reading.take(changed)
    this.said = 'Saved: they hold within ten seconds.'
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-manage-quotas': ManageQuotas
  }
}
