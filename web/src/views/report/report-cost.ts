import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { dollars, number } from '../../data/format'
import { base, panel } from '../../style/base'
import { styled } from '../../style/styled'
import { tables } from '../../style/tables'
import { itemName, quantity } from './items'
import type { BillLine, Cost } from './model'

/** Cost of the session, compared with its cost without a gate. */
@customElement('ma-report-cost')
export class ReportCost extends LitElement {
  static override styles = [
    base,
    panel,
    tables,
    css`
      .beside {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        border-block: 1px solid var(--line);
      }
      .beside div {
        padding: 10px 16px 13px;
      }
      .beside div + div {
        border-left: 1px solid var(--line);
      }
      .beside small {
        display: block;
        font-size: 0.75rem;
        color: var(--faint);
      }
      b {
        display: block;
        font-size: 1.375rem;
        letter-spacing: -0.02em;
      }
      i {
        display: block;
        width: max(3px, calc(100% * var(--part)));
        height: 6px;
        margin-top: 8px;
        border-radius: 3px;
        background: var(--good);
        print-color-adjust: exact;
      }
      .fixed i {
        background: var(--faint);
      }
      .wide {
        position: relative;
        overflow-x: auto;
      }
      p {
        margin: 0;
        padding: 9px 16px 12px;
        border-top: 1px solid var(--line);
        font-size: 0.7812rem;
        color: var(--soft);
      }
      thead + tbody tr:first-child td {
        border-top: 0;
      }
      @media print {
        :host {
          border: 0;
          break-inside: avoid;
        }
      }
    `,
  ]

  @property({ attribute: false }) cost!: Cost

  override render(): TemplateResult {
    const { usd, usd_per_hour, fixed, usage, lines, as_of, region, ended } = this.cost
    const most = Math.max(usd, fixed.usd) || 1
    const failed = usage.calls.reduce((sum, call) => sum + call.failed, 0)
    return html`
      <h2>Cost <span>${ended === null ? 'so far, read again every few seconds' : 'of the whole session'}</span></h2>
      <div class="beside">
        ${side('As it ran', usd, usd_per_hour, `${number(usage.frames)} frames analysed`, usd / most)}
        ${side('With one frame a second', fixed.usd, fixed.usd_per_hour, `${number(fixed.frames)} frames · ${ratio(usd, fixed.usd)}`, fixed.usd / most, 'fixed')}
      </div>
      <div class="wide" tabindex="0" role="region" aria-label="The bill">
        <table>
          <caption class="visually-hidden">The bill, line by line</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">quantity</th>
              <th scope="col">price</th>
            </tr>
          </thead>
          <tbody>
            ${lines.map(line)}
          </tbody>
        </table>
      </div>
      <p>
        Counted from documents, at Google’s list prices of ${as_of} in ${region}; free tiers, discounts, storage by the month and viewers’
        traffic are left out.${failed > 0 ? html` ${failed} calls failed and are not billed.` : nothing}
      </p>
    `
  }
}

function side(name: string, usd: number, hour: number | null, what: string, part: number, kind = ''): TemplateResult {
  return html`<div class=${kind}>
    <small>${name}</small>
    <b>${dollars(usd)}</b>
    <small>${hour === null ? '' : `${dollars(hour)} an hour · `}${what}</small>
    <i aria-hidden="true" ${styled({ '--part': String(part) })}></i>
  </div>`
}

const line = ({ item, quantity: count, unit, usd }: BillLine): TemplateResult => html`<tr>
  <td>${itemName(item)}</td>
  <td>${quantity(count)} <small>${unit}</small></td>
  <td>${dollars(usd)}</td>
</tr>`

/** Cost without the gate, as a multiple. */
function ratio(usd: number, fixed: number): string {
  if (usd <= 0) return 'nothing to compare yet'
  const times = fixed / usd
  return times >= 1.05 ? `${times.toFixed(1)} times as much` : 'about the same'
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-report-cost': ReportCost
  }
}
