import { consume } from '@lit/context'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { Api } from '../../data/api/api'
import { media } from '../../data/api/media'
import { Task } from '../../data/api/task'
import { bytes, clock, percent, stamp } from '../../data/format'
import { serverClock } from '../../data/server-clock'
import { operatorApi } from '../../data/services'
import { base, panel } from '../../style/base'
import { forms } from '../../style/forms'
import '../../ui/sending/command'
import type { Clip } from './model'

/** How long a link to a clip holds (ms). */
const LINKED = 30 * 86_400_000
/** Chapters that are listed; the file has all. */
const FEW = 12

/** One clip: how far it is, then its player. */
@customElement('ma-clip-card')
export class ClipCard extends LitElement {
  static override styles = [
    base,
    panel,
    forms,
    css`
      video,
      img {
        display: block;
        width: 100%;
        aspect-ratio: 16 / 9;
        object-fit: contain;
        background: #000;
      }
      div {
        display: grid;
        gap: 8px;
        padding: 10px 16px 14px;
      }
      h2 {
        padding: 0;
        overflow-wrap: anywhere;
      }
      p,
      ol {
        margin: 0;
        font-size: 0.8125rem;
        color: var(--soft);
      }
      ol {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 10px;
        padding: 0;
        list-style: none;
      }
      .link {
        padding: 0;
        color: var(--accent);
        background: none;
        border: 0;
      }
      progress {
        width: 100%;
        accent-color: var(--accent);
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
        padding: 0;
      }
    `,
  ]

  @consume({ context: operatorApi }) api!: Api
  @property() stream = ''
  @property({ attribute: false }) clip!: Clip
  /** Whether the one who looks may change the stream. */
  @property({ type: Boolean }) changes = false
  /** Whether they may share it. */
  @property({ type: Boolean }) shares = false
  @state() private link = ''
  @state() private source: string | null = null
  @state() private sure = false
  private readonly deleting = new Task(this)
  private readonly sharing = new Task(this)
  private asked = ''

  override willUpdate(): void {
    const { object } = this.clip
    if (!object || this.asked === object) return
    this.asked = object
    void media.address(object).then((source) => {
      if (this.asked === object) this.source = source
    })
  }

  override render(): TemplateResult {
    const { clip } = this
    return html`
      ${this.picture()}
      <div>
        <h2>${clip.name}</h2>
        ${this.progress()}
        ${
          clip.state === 'done'
            ? html`<p>${clip.still ? '' : `${clock(clip.duration)} · `}${bytes(clip.size)} · ${stamp(clip.created)}</p>`
            : nothing
        }
        ${this.chapters()} ${this.buttons()} ${this.shared()}
      </div>
    `
  }

  private picture(): TemplateResult | typeof nothing {
    if (this.clip.state !== 'done' || !this.source) return nothing
    if (this.clip.still) return html`<img src=${this.source} alt=${this.clip.name} loading="lazy" />`
    return html`<video src=${this.source} controls preload="metadata" playsinline aria-label=${this.clip.name}></video>`
  }

  private progress(): TemplateResult | typeof nothing {
    const { state, share, error } = this.clip
    if (state === 'error') {
      return html`<p class="said bad" role="alert">It could not be made: ${error ?? 'no reason was given'}</p>`
    }
    if (state === 'done') return nothing
    if (state === 'waiting')
      return html`<p role="status">About to begin…</p><progress aria-label="Progress"></progress>`
    return html`<p role="status">Being made: <span aria-live="off">${percent(share)}</span></p>
      <progress aria-label="Progress" max="1" .value=${share}></progress>`
  }

  private chapters(): TemplateResult | typeof nothing {
    const { chapters } = this.clip
    if (chapters.length < 2) return nothing
    return html`<ol aria-label="Parts">
      ${chapters
        .slice(0, FEW)
        .map(
          ({ start, mediaTime }) =>
            html`<li><button class="link" title="Play this part" @click=${() => this.play(start)}>${clock(mediaTime)}</button></li>`,
        )}
      ${chapters.length > FEW ? html`<li>and ${chapters.length - FEW} more</li>` : nothing}
    </ol>`
  }

  private buttons(): TemplateResult {
    const { busy, problem } = this.deleting
    return html`<div class="buttons">
        ${this.source ? html`<a class="button" href=${this.source} download>Download</a>` : nothing}
        ${
          this.shares && this.clip.state === 'done'
            ? html`<button class="button" ?disabled=${this.sharing.busy} @click=${this.share}>Link</button>`
            : nothing
        }
        ${
          !this.changes
            ? nothing
            : this.sure
              ? html`<button class="button stop" ?disabled=${busy} @click=${this.discard}>Yes, delete</button>
                  <button class="button" @click=${() => this.ask(false)}>Keep</button>`
              : html`<button class="button" @click=${() => this.ask(true)}>
                  Delete<span class="visually-hidden"> ${this.clip.name}</span>
                </button>`
        }
      </div>
      ${problem ? html`<p class="said bad" role="alert">It was not deleted: ${problem.message}</p>` : nothing}`
  }

  /** The link to it, once it is made. */
  private shared(): TemplateResult | typeof nothing {
    const { problem } = this.sharing
    if (problem) return html`<p class="said bad" role="alert">No link was made: ${problem.message}</p>`
    if (!this.link) return nothing
    return html`<p role="status">Everyone who has this link can see the clip, and nothing else, for 30 days:</p>
      <ma-command .text=${this.link} label="Copy the link"></ma-command>`
  }

  private readonly share = async (): Promise<void> => {
    const at = `/streams/${encodeURIComponent(this.stream)}/clips/${this.clip.id}/shares`
    const until = new Date(serverClock.now() + LINKED).toISOString()
    const made = await this.sharing.run(() => this.api.post<'/streams/{stream}/clips/{clip}/shares'>(at, { until }))
    if (made) this.link = new URL(made.url, window.location.href).href
  }

  private ask(sure: boolean): void {
    this.sure = sure
  }

  private play(start: number): void {
    const video = this.renderRoot.querySelector('video')
    if (!video) return
    video.currentTime = start
    void video.play().catch(() => undefined) // the browser may ask for a click on the picture itself
  }

  private readonly discard = async (): Promise<void> => {
    const at = `/streams/${encodeURIComponent(this.stream)}/clips/${this.clip.id}`
    await this.deleting.run(() => this.api.delete<'/streams/{stream}/clips/{clip}'>(at))
    this.sure = false
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'ma-clip-card': ClipCard
  }
}
