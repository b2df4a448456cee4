import type { Firestore } from '@firebase/firestore'
import { consume } from '@lit/context'
import { css, html, LitElement, type TemplateResult } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { StoreController } from '../../data/live/store-controller'
import { database } from '../../data/services'
import type { Player } from '../../player/player'
import '../../player/player'
import { playlistOf } from '../../player/session/playlist'
import { StreamStore } from '../../player/session/stream-store'
import { base } from '../../style/base'
import '../../ui/notice'

/** The player of a stream, with what is found in the picture, alone: for a page that embeds this one. */
@customElement('ma-embed')
export class Embed extends LitElement {
  static override styles = [
    base,
    css`
      ma-player {
        border: 0;
        border-radius: 0;
      }
    `,
  ]

  @consume({ context: database }) db!: Firestore
  @property() stream = ''
  @query('ma-player') private player!: Player | null
  private store: StreamStore | null = null

  override connectedCallback(): void {
    super.connectedCallback()
    if (this.store) return
    this.store = new StreamStore(this.db, this.stream)
    new StoreController(this, this.store, () => this.player?.redraw())
  }

  override render(): TemplateResult {
    const { store } = this
    if (!store?.stream) return html`<ma-notice heading=${store?.error ?? 'Asking the database…'}></ma-notice>`
    const { session, stream } = store
    if (!stream.session) return html`<ma-notice heading="Nothing has been streamed yet"></ma-notice>`
    return html`<h1 class="visually-hidden">${stream.name}</h1>
    <ma-player
      embedded
      .waiting=${session ? 'Loading the picture…' : 'Waiting for the first picture…'}
      .playlist=${playlistOf(session)}
      .session=${session?.id ?? ''}
      .started=${session?.started ?? 0}
      .stored=${session?.segments ?? 0}
      .fps=${session?.fps ?? 30}
      .timeline=${store.timeline}
      .frames=${store.frames}
      .transcripts=${store.transcripts}
      .snapshotAt=${(time: number) => store.snapshotAt(time)}
      @overlay-drawn=${(event: CustomEvent<{ sessionTime: number | null }>) => {
        if (event.detail.sessionTime !== null) store.seek(event.detail.sessionTime)
      }}
      @listen=${(event: CustomEvent<boolean>) => store.listen(event.detail)}
    ></ma-player>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-embed': Embed
  }
}
