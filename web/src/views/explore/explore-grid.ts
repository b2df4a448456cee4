import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { percent, stamp, title } from '../../data/format'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor } from '../../style/base'
import { styled } from '../../style/styled'
import { type Filter, wanted } from './filter'
import { GAP, layout, stepped, visible } from './rows'
import type { Snapshot } from './snapshot'
import './snapshot-picture'

/** Pixels that the filters may cover at the top. */
const ABOVE = 76

/**
 * Snapshots as tiles, of which only those near the screen exist. Fires `choose` (a Snapshot; with `enter` where it was
 * asked for, and not only passed) and `near-end`.
 */
@customElement('ma-explore-grid')
export class ExploreGrid extends LitElement {
  static override styles = [
    base,
    labelColor,
    css`
      ul {
        position: relative;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        position: absolute;
        top: 0;
        left: 0;
      }
      button {
        display: flex;
        flex-direction: column;
        width: 100%;
        height: 100%;
        padding: 0;
        overflow: hidden;
        text-align: left;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 10px;
      }
      button:hover {
        border-color: var(--faint);
      }
      button[aria-current='true'] {
        outline: 2px solid var(--accent);
      }
      .line {
        display: flex;
        justify-content: space-between;
        gap: 8px;
        padding: 0 10px;
      }
      .line:first-of-type {
        padding-top: 7px;
        border-top: 3px solid var(--k);
      }
      b,
      small:first-child {
        min-width: 0;
        overflow: hidden;
        text-overflow: ellipsis;
      }
      b {
        font-weight: 600;
      }
      .line > * {
        white-space: nowrap;
      }
      small {
        font-size: 0.75rem;
        color: var(--faint);
      }
    `,
  ]

  @property({ attribute: false }) items: readonly Snapshot[] = []
  @property({ attribute: false }) filter!: Filter
  /** Names of streams by id. */
  @property({ attribute: false }) names: ReadonlyMap<string, string> = new Map()
  /** Id of the one whose details are shown. */
  @property() chosen = ''
  @state() private width = 0
  @state() private range: readonly [number, number] = [0, 0]
  private at = 0
  private readonly sized = new ResizeObserver(([entry]) => {
    this.width = entry?.contentRect.width ?? 0
    this.look()
  })

  override connectedCallback(): void {
    super.connectedCallback()
    this.sized.observe(this)
    window.addEventListener('scroll', this.look, { passive: true })
    window.addEventListener('resize', this.look)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.sized.disconnect()
    window.removeEventListener('scroll', this.look)
    window.removeEventListener('resize', this.look)
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('items')) return
    // The focused tile keeps the focus when others come before it.
    const before = (changed.get('items') as readonly Snapshot[] | undefined)?.[this.at]
    const now = before ? this.items.findIndex(({ id }) => id === before.id) : 0
    this.at = Math.max(0, now)
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has('items')) this.look()
  }

  /** Puts the focus on the tile of a snapshot. */
  async focusOn(id: string): Promise<void> {
    const at = this.items.findIndex((one) => one.id === id)
    if (at >= 0) await this.go(at)
  }

  override render(): TemplateResult {
    const { items } = this
    const { columns, row, rows } = layout(items.length, this.width)
    const shown = items.map((snapshot, at) => ({ snapshot, at })).filter(({ at }) => this.exists(at))
    return html`<ul aria-label="Snapshots" ${styled({ height: `${rows * row}px` })} @keydown=${this.key}>
      ${repeat(
        this.width > 0 ? shown : [],
        ({ snapshot }) => snapshot.id,
        ({ snapshot, at }) => this.tile(snapshot, at, columns, row),
      )}
    </ul>`
  }

  /** Whether a tile is near the screen, or the one that has the focus or takes it: scrolling away must not lose that. */
  private exists(at: number): boolean {
    const [first, last] = this.range
    return (at >= first && at < last) || at === this.at
  }

  private tile(snapshot: Snapshot, at: number, columns: number, row: number): TemplateResult {
    const found = wanted(snapshot.frame, this.filter)
    const [best] = found
    const step = (this.width + GAP) / columns
    const place = {
      transform: `translate(${((at % columns) * step).toFixed(2)}px, ${Math.floor(at / columns) * row}px)`,
      width: `${(step - GAP).toFixed(2)}px`,
      height: `${row - GAP}px`,
    }
    const more = new Set(found.map(({ label }) => label)).size - 1
    return html`<li aria-posinset=${at + 1} aria-setsize=${this.items.length} ${styled(place)}>
      <button
        class="label"
        tabindex=${at === this.at ? 0 : -1}
        aria-current=${snapshot.id === this.chosen ? 'true' : 'false'}
        ${styled({ '--hue': String(hueOf(best?.label ?? '')) })}
        @click=${() => this.choose(at, true)}
      >
        <ma-snapshot-picture .frame=${snapshot.frame} .boxes=${found}></ma-snapshot-picture>
        <span class="line">
          <b>${best ? title(best.label, best.kind) : ''}${more > 0 ? ` +${more}` : ''}</b><span>${percent(best?.confidence ?? 0)}</span>
        </span>
        <span class="line"><small>${this.names.get(snapshot.stream) ?? snapshot.stream}</small><small>${stamp(snapshot.wall, 'second')}</small></span>
      </button>
    </li>`
  }

  private readonly look = (): void => {
    const { top } = this.getBoundingClientRect()
    const made = layout(this.items.length, this.width)
    const [first, last] = visible(made, -top, window.innerHeight - top)
    if (first !== this.range[0] || last !== this.range[1]) this.range = [first, last]
    if (this.items.length > 0 && last >= this.items.length) this.dispatchEvent(new Event('near-end'))
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const to = stepped(event.key, this.at, this.items.length, layout(this.items.length, this.width))
    if (to === null) return
    event.preventDefault()
    void this.go(to)
    if (this.chosen) this.choose(to, false)
  }

  private async go(to: number): Promise<void> {
    this.at = to
    const { columns, row } = layout(this.items.length, this.width)
    const top = this.getBoundingClientRect().top + Math.floor(to / columns) * row
    if (top < ABOVE) window.scrollBy({ top: top - ABOVE })
    else if (top + row > window.innerHeight) window.scrollBy({ top: top + row - window.innerHeight })
    this.look()
    this.requestUpdate()
    await this.updateComplete
    this.shadowRoot?.querySelector<HTMLElement>('button[tabindex="0"]')?.focus({ preventScroll: true })
  }

  private choose(at: number, enter: boolean): void {
    this.at = at
    const snapshot = this.items[at]
    if (snapshot) this.dispatchEvent(new CustomEvent('choose', { detail: { snapshot, enter } }))
    this.requestUpdate()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-explore-grid': ExploreGrid
  }
}
