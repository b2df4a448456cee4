import { html, type TemplateResult } from 'lit'
import type { Frame, Segment } from '../../data/documents/model'
import { clock } from '../../data/format'
import type { Rate } from '../../data/gate-reads'
import { styled } from '../../style/styled'

const LEGEND: Readonly<Record<string, string>> = {
  first: 'first',
  cut: 'cut',
  change: 'change',
  interval: 'longest wait',
}

/** A column for each segment: its motion, and a mark for each frame sent on. */
export function chart(
  segments: readonly Segment[],
  frames: readonly Frame[],
  { looks, kept, seconds }: Rate,
): TemplateResult {
  const [first, last] = [segments[0]?.time ?? 0, segments.at(-1)]
  const label = `Motion and frames sent on in the last ${clock(seconds)}: ${kept} of ${looks} frames looked at`
  return html`<div class="chart" role="img" aria-label=${label}>
      ${segments.map((segment) => {
        const mine = frames.filter(({ time }) => time >= segment.time && time < segment.end)
        const says = `${clock(segment.time)}: ${segment.looks} looks, ${mine.length} sent on, motion ${segment.motion.toFixed(2)}`
        return html`<div title=${says}>
          <u ${styled({ height: `${Math.round(100 * Math.min(1, segment.motion))}%` })}></u>
          ${mine.map(({ reason }, at) => html`<i class=${reason} ${styled({ bottom: `${4 + 11 * at}px` })}></i>`)}
        </div>`
      })}
    </div>
    <div class="axis" aria-hidden="true">
      <span>${clock(first)}</span><span>motion, and frames sent on</span><span>${clock(last?.end ?? 0)}</span>
    </div>`
}

/** Number of frames for each reason. */
export function legend(frames: readonly Frame[]): TemplateResult {
  const count = (reason: string): number => frames.filter((frame) => frame.reason === reason).length
  return html`<ul class="legend" aria-label="Why frames were sent on">
    ${Object.entries(LEGEND).map(
      ([reason, words]) => html`<li><i class=${reason} aria-hidden="true"></i>${count(reason)} ${words}</li>`,
    )}
  </ul>`
}
