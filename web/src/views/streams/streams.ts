import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import type { Config } from '../../data/config'
import type { Stream } from '../../data/documents/model'
import type { Session } from '../../data/identity/session'
import { StoreController } from '../../data/live/store-controller'
import { MOST_STREAMS, StreamsStore } from '../../data/live/streams-store'
import { configuration, database, identity } from '../../data/services'
import { counts, groupOf, matching, ordered, toGroup } from '../../data/stream-list'
import { Slots } from '../../player/media/slots'
import { base, view } from '../../style/base'
import { forms } from '../../style/forms'
import { remember } from '../../ui/route'
import type { CreateStream } from './create-stream'
import '../../ui/notice'
import { ReducedMotion } from './reduced-motion'
import './stream-tile'
import './wall-bar'
import type { Filter } from './wall-bar'

/** Decoding is what a wall costs its viewer: no more at once than there are cores, within reason. */
const PLAYING = Math.min(9, Math.max(2, navigator.hardwareConcurrency || 2))

/** The wall: every stream as a tile, live ones first. Search and filter are in the address. */
@customElement('ma-streams')
export class Streams extends LitElement {
  static override styles = [
    base,
    forms,
    view,
    css`
      ma-wall-bar {
        flex: 1;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, clamp(250px, 19vw, 460px)), 1fr));
        gap: 16px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
        min-width: 0;
      }
      .none {
        display: grid;
        justify-items: center;
        gap: 14px;
        padding: 64px 20px;
        color: var(--soft);
      }
      .none p,
      .more {
        margin: 0;
      }
      .more {
        padding-top: 16px;
        color: var(--soft);
      }
      @media (max-width: 560px) {
        ma-wall-bar {
          order: 1;
          flex-basis: 100%;
        }
        .title > .button {
          margin-left: auto;
        }
        ul {
          gap: 10px;
        }
      }
      /* A wall display is read from across the room. */
      @media (min-width: 2400px) {
        ul {
          gap: 22px;
          font-size: 1.1875rem;
        }
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @consume({ context: configuration }) config!: Config
  @consume({ context: identity }) session!: Session
  @property({ attribute: false }) query = new URLSearchParams()
  @state() private creating = false
  @query('ma-create-stream') private dialog!: CreateStream | null
  private store: StreamsStore | null = null
  private readonly slots = new Slots(PLAYING)
  private readonly reducedMotion = new ReducedMotion(this)

  override connectedCallback(): void {
    super.connectedCallback()
    if (!this.store) {
      this.store = new StreamsStore(this.db, this.session)
      new StoreController(this, this.store)
    }
  }

  override render(): TemplateResult {
    const streams = this.store?.streams
    if (this.store?.error && !streams) {
      return html`<ma-notice tone="error" heading="The streams cannot be read">
        <p>${this.store.error} Trying again every few seconds…</p>
      </ma-notice>`
    }
    if (!streams) {
      return html`<ma-notice heading="Asking the database…">
        <p>If this takes long, the database cannot be reached; the page keeps trying.</p>
      </ma-notice>`
    }
    return html`${streams.length === 0 ? this.first() : this.wall(streams)}
      ${
        this.creating
          ? html`<ma-create-stream
              .taken=${new Set(streams.map(({ id }) => id))}
            ></ma-create-stream>`
          : nothing
      }`
  }

  private first(): TemplateResult {
    if (!this.session.may('publisher')) {
      return html`<ma-notice heading="There is no stream that you see">
        <p>
          Streams of ${this.session.member?.tenant} that are meant for all of it, and those that list you as a viewer, appear
          here. An operator of the tenant decides that: ask one of them.
        </p>
      </ma-notice>`
    }
    return html`<ma-notice heading="There is no stream yet">
      <p>A stream is a name and a key. Send video with the key; the stream’s page shows what is in it.</p>
      <p><button class="button primary" @click=${this.create}>Create the first stream</button></p>
    </ma-notice>`
  }

  private wall(streams: readonly Stream[]): TemplateResult {
    const { filter } = this
    const found = matching(streams, filter.words)
    const shown = ordered(filter.group ? found.filter((stream) => groupOf(stream) === filter.group) : found)
    return html`<section>
      <div class="title">
        <h1>Streams</h1>
        <ma-wall-bar
          .filter=${filter}
          .counts=${counts(found)}
          @filter-changed=${(event: CustomEvent<Filter>) => this.keep(event.detail)}
        ></ma-wall-bar>
        ${
          this.session.may('publisher')
            ? html`<button class="button primary" @click=${this.create}>Create a stream</button>`
            : nothing
        }
      </div>
      <p class="visually-hidden" role="status">${shown.length} of ${streams.length} streams</p>
      ${shown.length > 0 ? this.tiles(shown) : this.none(filter)}
      ${this.store?.more ? html`<p class="more">There are more than ${MOST_STREAMS}: the first, by id, are shown.</p>` : nothing}
    </section>`
  }

  private tiles(streams: readonly Stream[]): TemplateResult {
    const moving = this.filter.moving && !this.reducedMotion.still
    return html`<ul>
      ${repeat(
        streams,
        ({ id }) => id,
        (stream) => html`<li>
          <ma-stream-tile
            .stream=${stream}
            .slots=${this.slots}
            .moving=${moving}
            .now=${this.reducedMotion.now}
          ></ma-stream-tile>
        </li>`,
      )}
    </ul>`
  }

  private none({ words }: Filter): TemplateResult {
    return html`<div class="none">
      <p>${words.trim() ? `No stream here matches “${words.trim()}”.` : 'No stream is in this state.'}</p>
      <button class="button" @click=${() => this.keep({ ...this.filter, words: '', group: null })}>Show all streams</button>
    </div>`
  }

  private get filter(): Filter {
    const { query } = this
    return { words: query.get('q') ?? '', group: toGroup(query.get('state')), moving: query.get('still') === null }
  }

  private keep({ words, group, moving }: Filter): void {
    this.query = remember(this.query, { q: words, state: group, still: moving ? null : '1' })
  }

  private readonly create = async (): Promise<void> => {
    await import('./create-stream')
    this.creating = true
    await this.updateComplete
    await this.dialog?.show()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-streams': Streams
  }
}
