import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Shape } from '../../data/api/answers'
import type { Api } from '../../data/api/api'
import { Task } from '../../data/api/task'
import { bytes, stamp } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { identity, operatorApi } from '../../data/services'
import { base } from '../../style/base'
import { forms } from '../../style/forms'

/** What the tenant may still upload today, for its members; says beforehand where a file is larger than that. */
@customElement('ma-upload-quota')
export class UploadQuota extends LitElement {
  static override styles = [
    base,
    forms,
    css`
      p {
        margin: 0;
        color: var(--soft);
      }
      .said {
        color: var(--ink);
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @consume({ context: identity }) session!: Session
  /** Size of the chosen file (bytes); 0: there is none. */
  @property({ type: Number }) size = 0
  @state() private quota: Shape<'QuotaAnswer'> | null = null
  private readonly reading = new Task(this)

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.session.may('publisher')) void this.read()
  }

  /** Without an answer nothing is shown: the API refuses what is too much anyway. */
  override render(): TemplateResult | typeof nothing {
    if (!this.quota) return nothing
    const { limits, used, day_ends } = this.quota
    const left = Math.max(0, limits.upload_bytes_day - used.upload_bytes_today)
    if (this.size > left) {
      return html`<p class="said" role="status">
        This file is larger than what the tenant may still upload today, ${bytes(left)}. A new day begins at
        ${stamp(Date.parse(day_ends))}; an administrator of the deployment can raise the limit.
      </p>`
    }
    const waits =
      used.imports_now >= limits.imports_at_once ? ' Its import waits until one of those that run is done.' : ''
    return html`<p>
      Of ${bytes(limits.upload_bytes_day)} a day the tenant has used ${bytes(used.upload_bytes_today)} today.${waits}
    </p>`
  }

  private async read(): Promise<void> {
    this.quota = (await this.reading.run(() => this.api.get<'/quotas'>('/quotas'))) ?? null
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-upload-quota': UploadQuota
  }
}
