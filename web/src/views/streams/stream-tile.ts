import { collection, type Firestore, limitToLast, orderBy, query } from '@firebase/firestore'
import { consume } from '@lit/context'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { toFrame } from '../../data/documents/documents'
import type { Frame, Stream } from '../../data/documents/model'
import { ago, clock, title } from '../../data/format'
import { DocumentWindow } from '../../data/live/document-window'
import { database } from '../../data/services'
import { groupOf } from '../../data/stream-list'
import type { Holder, Slots } from '../../player/media/slots'
import { hueOf } from '../../player/overlay/colors'
import { base, labelColor } from '../../style/base'
import { styled } from '../../style/styled'
import { hide, show } from '../../ui/broken-image'
import { pictured } from '../../ui/pictured'
import { glance } from './glance'
import '../../ui/state-chip'
import { tileStyles } from './tile-styles'

/** The newest frames of a tile: the last one may not be analysed yet. */
const FRAMES = 3
const MOST_LABELS = 4
/** Distance from the screen at which a tile gets ready. */
const MARGIN = '160px'

/** One stream of the wall: its picture as it is now, or its last one. Costs nothing while it is out of sight. */
@customElement('ma-stream-tile')
export class StreamTile extends LitElement implements Holder {
  static override styles = [base, labelColor, tileStyles]

  @consume({ context: database }) db!: Firestore
  @property({ attribute: false }) stream!: Stream
  @property({ attribute: false }) slots: Slots | null = null
  /** Whether live ones move. */
  @property({ type: Boolean }) moving = false
  /** Milliseconds since 1970. */
  @property({ type: Number }) now = 0
  @state() private visible = false
  @state() private frames: readonly Frame[] = []
  @state() private plays = false
  @state() private failure = ''
  private watching = ''
  private readonly window: DocumentWindow<Frame> = new DocumentWindow(
    toFrame,
    () => {
      this.frames = this.window.items
      this.failure = ''
    },
    () => {
      this.failure = 'Its pictures cannot be read'
    },
  )
  private readonly sight = new IntersectionObserver(
    (entries) => {
      this.visible = entries.at(-1)?.isIntersecting ?? false
    },
    { rootMargin: MARGIN },
  )

  override connectedCallback(): void {
    super.connectedCallback()
    this.sight.observe(this)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.sight.disconnect()
    this.visible = false
    this.rest()
    this.watch('')
  }

  granted(): void {
    this.plays = true
    void import('./tile-player')
  }

  override willUpdate(changed: PropertyValues<this>): void {
    this.toggleAttribute('onair', groupOf(this.stream) === 'live')
    if (changed.get('stream') && changed.get('stream')?.session !== this.stream.session) this.frames = []
  }

  override updated(): void {
    const { stream, visible } = this
    this.watch(visible ? (stream.session ?? '') : '')
    if (visible && this.moving && stream.state === 'live' && stream.session) this.slots?.enter(this)
    else this.rest()
  }

  override render(): TemplateResult {
    const { stream } = this
    const { picture, labels } = glance(this.frames)
    const past = groupOf(stream) !== 'live'
    return html`<article>
      <div class="picture">
        ${
          picture
            ? html`<img class=${past ? 'past' : ''} src=${pictured(picture.snapshot)} alt="" decoding="async" @error=${hide} @load=${show} />`
            : html`<span class="none">${this.failure || (this.visible ? nothingYet(stream) : '')}</span>`
        }
        ${this.plays ? html`<ma-tile-player .playlist=${playlistOf(stream)}></ma-tile-player>` : nothing}
        <span class="chip" id="state"><ma-state-chip .state=${stream.state}></ma-state-chip></span>
      </div>
      <div class="caption">
        <b title=${stream.name}>
          <a href="?stream=${encodeURIComponent(stream.id)}" aria-describedby=${labels.length > 0 ? 'state about labels' : 'state about'}
            >${stream.name}</a
          >
        </b>
        <small id="about">${past ? html`<span class="inline">${stream.state} · </span>` : nothing}${about(stream, this.frames, this.now)}</small>
        ${
          labels.length > 0
            ? html`<ul id="labels" aria-label="On its newest frame">
                ${labels.slice(0, MOST_LABELS).map(
                  ({ label, kind }) => html`<li class="label" ${styled({ '--hue': String(hueOf(label)) })}>
                    <i></i><span>${title(label, kind)}</span>
                  </li>`,
                )}
                ${labels.length > MOST_LABELS ? html`<li>+ ${labels.length - MOST_LABELS}</li>` : nothing}
              </ul>`
            : nothing
        }
      </div>
    </article>`
  }

  private watch(session: string): void {
    if (session === this.watching) return
    this.watching = session
    this.window.close() // what was seen last stays while the tile is out of sight
    if (!session) return
    const found = collection(this.db, 'streams', this.stream.id, 'sessions', session, 'frames')
    this.window.open(query(found, orderBy('media_time'), limitToLast(FRAMES)))
  }

  private rest(): void {
    this.slots?.leave(this)
    this.plays = false
  }
}

/** By its name alone (docs/contracts.md, Objects), so that a tile needs no query for its session. */
const playlistOf = ({ id, session }: Stream): string => `playlists/${id}/${session ?? ''}/index.m3u8`

function about(stream: Stream, frames: readonly Frame[], now: number): string {
  const at = frames.at(-1)?.time
  if (groupOf(stream) === 'live') {
    return [stream.source, at === undefined ? '' : `${clock(at)} so far`].filter(Boolean).join(' · ') || stream.id
  }
  if (stream.state === 'error' && stream.error) return stream.error
  return stream.lastSegmentAt === null ? 'never live' : `last live ${ago(stream.lastSegmentAt, now)}`
}

function nothingYet({ state, session }: Stream): string {
  if (state === 'connecting') return 'Its sender has connected'
  return session ? 'No picture yet' : 'Nothing has been streamed yet'
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-stream-tile': StreamTile
  }
}
