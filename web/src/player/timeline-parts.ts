import { html, nothing, type TemplateResult } from 'lit'
import { repeat } from 'lit/directives/repeat.js'
import { clock, kindName, number, percent, title } from '../data/format'
import { styled } from '../style/styled'
import { type Board, FEW } from './timeline/board'
import type { Choice } from './timeline/choice'
import type { TimelineAction } from './timeline/keys'
import type { SessionMinutes } from './timeline/session-minutes'
import { range } from './timeline-tip'

type Select = (kind: string, all: boolean) => void

const PLURALS: Readonly<Record<string, string>> = { logo: 'logos', object: 'objects', face: 'faces', label: 'scenes' }
const ZOOMS: readonly (readonly [string, string, TimelineAction])[] = [
  ['−', 'Zoom out', { type: 'zoom', by: 2 }],
  ['+', 'Zoom in', { type: 'zoom', by: 0.5 }],
]

/** Heading, kinds to choose from, and zoom. */
export function head(board: Board, select: Select, act: (action: TimelineAction) => void): TemplateResult {
  const { kinds, kind, all, matching } = board
  const chip = (name: string, text: string): TemplateResult =>
    html`<button aria-pressed=${kind === name} @click=${() => select(name, all)}>${text}</button>`
  return html`<header>
    <h2>
      Timeline
      <span>${matching.length > 0 ? `${counted(matching.length, 'label')}, ${counted(board.count, 'appearance')}` : nothing}</span>
    </h2>
    ${
      kinds.length > 1
        ? html`<div role="group" aria-label="Kinds">
            ${chip('', 'All')} ${kinds.map((one) => chip(one, PLURALS[one] ?? kindName(one)))}
          </div>`
        : nothing
    }
    <div role="group" aria-label="Zoom">
      ${ZOOMS.map(
        ([text, name, action]) =>
          html`<button aria-label=${name} title=${name} ?disabled=${action.type === 'zoom' && text === '−' && board.whole} @click=${() => act(action)}>${text}</button>`,
      )}
      <button ?disabled=${board.whole} @click=${() => act({ type: 'fit' })}>Whole session</button>
    </div>
  </header>`
}

/** The labels beside their lanes. */
export function names({ lanes, hues }: Board): TemplateResult {
  return html`<ul class="names" aria-label="Labels">
    ${repeat(
      lanes,
      ({ key }) => key,
      ({ label, kind }, row) => html`<li class="label" ${styled({ '--hue': String(hues[row]) })}>
        <i aria-hidden="true"></i><span title="${label}, ${kindName(kind)}">${title(label, kind)}</span>
      </li>`,
    )}
  </ul>`
}

/** For how long each was on the picture. */
export function totals({ lanes }: Board): TemplateResult {
  return html`<ul class="totals" aria-label="Time on the picture">
    ${lanes.map(({ seconds, label }) => html`<li title="${label}: ${clock(seconds)} on the picture">${clock(seconds)}</li>`)}
  </ul>`
}

/** Each choice has another name; otherwise screen readers would not announce it. */
export const nameOf = ({ lane, at }: Choice): string => `chosen-${lane}-${at}`

/** The chosen appearance in words: of a listbox of thousands, the one option that has to exist. */
export function option({ choice, chosen, lanes }: Board): TemplateResult | typeof nothing {
  const lane = choice && lanes[choice.lane]
  if (!chosen || !lane) return nothing
  const { label, kind, confidence } = chosen
  return html`<div
    id=${nameOf(choice)}
    class="visually-hidden"
    role="option"
    aria-selected="true"
    aria-posinset=${choice.at + 1}
    aria-setsize=${lane.from.length}
  >
    ${title(label, kind)}, ${kindName(kind)}, ${range(chosen)}, ${percent(confidence)} sure
  </div>`
}

/** Foot of the timeline: problems, instructions, and the rest of the labels. */
export function foot(board: Board, minutes: SessionMinutes | null, note: string, select: Select): TemplateResult {
  const { matching, lanes, all, kind } = board
  const more = matching.length > FEW
  const left = all ? matching.length - lanes.length : 0
  return html`<footer>
    ${said(board, minutes, note)}
    ${
      lanes.length > 0
        ? html`<p class="hint" id="keys">
            Click to go there, drag to move, Ctrl + wheel to zoom. Keys: arrows, Enter goes there, + and − zoom, 0 shows all.
          </p>`
        : nothing
    }
    ${
      more
        ? html`<button aria-expanded=${all} @click=${() => select(kind, !all)}>
            ${all ? `The first ${FEW} only` : `All ${matching.length} labels`}
          </button>`
        : nothing
    }
    ${left > 0 ? html`<p>${counted(left, 'label')} that were seen for less are not shown.</p>` : nothing}
  </footer>`
}

function said(board: Board, minutes: SessionMinutes | null, note: string): TemplateResult | typeof nothing {
  const words = (text: string, loud = true): TemplateResult =>
    html`<p class=${loud ? 'loud' : ''} role="status">${text}</p>`
  if (note) return words(note)
  if (minutes?.error) return words(`Earlier parts cannot be read: ${minutes.error}. Trying again…`)
  if (minutes?.reading) return words('Reading earlier parts…', false)
  if (board.lanes.length > 0) return nothing
  return html`<p>
    Nothing has been found in this session yet. Each label gets a lane here, which shows when it was on the picture and for how long.
  </p>`
}

const counted = (count: number, name: string): string => `${number(count)} ${name}${count === 1 ? '' : 's'}`
