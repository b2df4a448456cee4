import { doc, type Firestore, getDocFromServer } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, query as element, property, state } from 'lit/decorators.js'
import { toStream } from '../../data/documents/documents'
import type { Stream } from '../../data/documents/model'
import { number } from '../../data/format'
import type { Session } from '../../data/identity/session'
import { Live } from '../../data/live/live'
import { streamsOf } from '../../data/live/streams-of'
import { memoizeLast } from '../../data/memoize-last'
import { database, identity } from '../../data/services'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { remember } from '../../ui/route'
import { ANY, type Filter, filterOf, parameters } from './filter'
import { ExploreReader, KEPT } from './reader'
import { pathOf, type Snapshot, toSnapshot } from './snapshot'
import './explore-details'
import type { ExploreDetails } from './explore-details'
import './explore-filters'
import { isAny } from './explore-filters'
import './explore-grid'
import { composes } from '../../ui/keyboard'
import type { ExploreGrid } from './explore-grid'
import { exploreStyles } from './explore-styles'

const MOST_LABELS = 100

/** Snapshots of all streams, by what is on them. Filters and what is open lie in the address. */
@customElement('ma-explore')
export class Explore extends LitElement {
  static override styles = [base, forms, view, exploreStyles]

  @consume({ context: database }) db!: Firestore
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) query = new URLSearchParams()
  @state() private filter: Filter = ANY
  @state() private open: Snapshot | null = null
  @state() private missing = ''
  @element('ma-explore-grid') private grid!: ExploreGrid | null
  @element('ma-explore-details') private details!: ExploreDetails | null
  private reader: ExploreReader | null = null
  /** Without them streams are called by their ids; the reader reports why nothing can be read. */
  private readonly streams = new Live(this, toStream)
  private readonly names = memoizeLast(
    (streams: readonly Stream[] | null): ReadonlyMap<string, string> =>
      new Map(streams?.map(({ id, name }) => [id, name])),
  )
  private readonly changed = (): void => this.requestUpdate()

  override connectedCallback(): void {
    super.connectedCallback()
    window.addEventListener('keydown', this.key)
    this.filter = filterOf(this.query)
    this.read()
    void this.openFromAddress()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    window.removeEventListener('keydown', this.key)
    this.reader?.close()
  }

  override willUpdate(): void {
    const { db } = this
    this.streams.follow('all', () => streamsOf(db, this.session))
  }

  override render(): TemplateResult {
    const { reader, filter, open } = this
    const names = this.names(this.streams.items)
    if (!reader) return html``
    return html`
      <div class="title"><h1>Explore</h1><p role="status">${count(reader, filter)}</p></div>
      <ma-explore-filters
        .filter=${filter}
        .names=${names}
        .labels=${labelsOf(reader.items)}
        @filter=${(event: CustomEvent<Filter>) => this.want(event.detail)}
      ></ma-explore-filters>
      ${reader.error ? html`<p class="said" role="alert">${reader.error} Trying again…</p>` : nothing}
      ${this.missing ? html`<p class="said" role="status">${this.missing}</p>` : nothing}
      <div class="columns ${open ? 'open' : ''}">
        <div>
          ${
            reader.fresh > 0
              ? html`<button class="button fresh" @click=${this.refresh}>${reader.fresh} new</button>`
              : nothing
          }
          <ma-explore-grid
            .items=${reader.items}
            .filter=${filter}
            .names=${names}
            .chosen=${open?.id ?? ''}
            @choose=${this.choose}
            @near-end=${() => void reader.more()}
          ></ma-explore-grid>
          ${this.end(reader)}
        </div>
        ${
          open
            ? html`<ma-explore-details
                role="region"
                aria-label="Details"
                .snapshot=${open}
                .streamName=${names.get(open.stream) ?? open.stream}
                @close-details=${this.close}
              ></ma-explore-details>`
            : nothing
        }
      </div>
    `
  }

  private end({ state, items, error }: ExploreReader): TemplateResult | typeof nothing {
    if (state === 'reading' && !error) return html`<p class="end">Looking through the frames…</p>`
    if (state === 'full')
      return html`<p class="end">${number(KEPT)} are shown; there are more. Narrow them down by time or label.</p>`
    if (items.length > 0 || error) return nothing
    if (isAny(this.filter)) {
      return html`<div class="nothing">
        <h2>Nothing has been found yet</h2>
        <p>Frames of all streams on which something is found appear here, a second or two after they were streamed.</p>
        <a class="button" href="./index.html">To the streams</a>
      </div>`
    }
    return html`<div class="nothing">
      <h2>No snapshot matches</h2>
      <p>Labels match as a whole, ignoring case. A lower confidence, any kind, or a longer time finds more.</p>
      <button class="button" @click=${() => this.want(ANY)}>Clear the filters</button>
    </div>`
  }

  private read(): void {
    this.reader?.removeEventListener('change', this.changed)
    this.reader?.close()
    this.reader = new ExploreReader(this.db, this.session.member?.tenant ?? '', this.filter)
    this.reader.addEventListener('change', this.changed)
    this.reader.open()
  }

  private want(filter: Filter): void {
    this.filter = filter
    this.query = remember(this.query, parameters(filter))
    this.read()
    window.scrollTo({ top: 0 })
  }

  private readonly refresh = (): void => {
    this.reader?.refresh()
    window.scrollTo({ top: 0 })
  }

  private readonly choose = async (event: CustomEvent<{ snapshot: Snapshot; enter: boolean }>): Promise<void> => {
    const { snapshot, enter } = event.detail
    this.show(snapshot)
    await this.updateComplete
    if (enter && window.matchMedia('(max-width: 900px)').matches) this.details?.focus()
  }

  private show(snapshot: Snapshot | null): void {
    this.open = snapshot
    this.missing = ''
    this.query = remember(this.query, { open: snapshot?.id ?? null })
  }

  private readonly close = (): void => {
    const id = this.open?.id
    this.show(null)
    if (id) void this.updateComplete.then(() => this.grid?.focusOn(id))
  }

  private readonly key = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !composes(event) && this.open) this.close()
  }

  /** A link to a snapshot holds whatever the filters find. */
  private async openFromAddress(): Promise<void> {
    const path = pathOf(this.query.get('open') ?? '')
    if (!path) return
    try {
      const document = await getDocFromServer(doc(this.db, path))
      const found = document.exists() ? toSnapshot(path, document.data()) : null
      if (found) this.open = found
      else this.missing = 'This snapshot no longer exists.'
    } catch (error) {
      this.missing = `This snapshot cannot be read: ${error instanceof Error ? error.message : error}`
    }
  }
}

/** Number of snapshots found, in words. */
function count({ items, looked, state }: ExploreReader, { confidence }: Filter): string {
  if (items.length === 0) return ''
  const more = state === 'all' ? '' : ' so far'
  const of = confidence > 0 ? ` of ${number(looked)} looked through` : ''
  return `${number(items.length)} ${items.length === 1 ? 'snapshot' : 'snapshots'}${of}${more}, newest first`
}

/** Labels that are there already, the most frequent first. */
function labelsOf(items: readonly Snapshot[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { frame } of items) {
    for (const { detections } of frame.analyses.values()) {
      for (const { label } of detections) counts.set(label, (counts.get(label) ?? 0) + 1)
    }
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_LABELS)
    .map(([label]) => label)
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-explore': Explore
  }
}
