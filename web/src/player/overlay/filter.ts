import type { Detection, Frame } from '../../data/documents/model'
import type { Moment } from './timeline'

type Named = Pick<Detection, 'kind' | 'label' | 'confidence'>
type Changes = Readonly<Record<string, string | null>>

const list = (value: string | null): readonly string[] => (value ?? '').split(',').filter(Boolean)
const nameOf = ({ kind, label }: Pick<Detection, 'kind' | 'label'>): string => `${kind}:${encodeURIComponent(label)}`

function toggled(names: ReadonlySet<string>, name: string): ReadonlySet<string> {
  const changed = new Set(names)
  if (!changed.delete(name)) changed.add(name)
  return changed
}

/**
 * The detections that are shown, on the picture, beside it and below it alike. Hidden ones are named, so that what comes
 * new is seen. Immutable; lives in the address as `hide=text,face&without=logo:Velox&least=60`.
 */
export class Filter {
  private readonly frames = new WeakMap<Frame, Frame>()

  constructor(
    /** Kinds that are hidden. */
    private readonly kinds: ReadonlySet<string> = new Set(),
    private readonly labels: ReadonlySet<string> = new Set(),
    /** Confidence from which on a detection is shown, 0 to 1. */
    readonly least = 0,
  ) {}

  static read(query: URLSearchParams): Filter {
    const least = Number(query.get('least'))
    return new Filter(
      new Set(list(query.get('hide'))),
      new Set(list(query.get('without'))),
      least > 0 && least <= 100 ? least / 100 : 0,
    )
  }

  /** The parameters of an address that say it. */
  get parameters(): Changes {
    return {
      hide: [...this.kinds].sort().join(',') || null,
      without: [...this.labels].sort().join(',') || null,
      least: this.least > 0 ? String(Math.round(this.least * 100)) : null,
    }
  }

  /** Whether it lets everything pass. */
  get open(): boolean {
    return this.kinds.size === 0 && this.labels.size === 0 && this.least === 0
  }

  /** Number of labels that are hidden by their names. */
  get hiddenLabels(): number {
    return this.labels.size
  }

  hidesKind(kind: string): boolean {
    return this.kinds.has(kind)
  }

  hidesLabel(named: Pick<Detection, 'kind' | 'label'>): boolean {
    return this.labels.has(nameOf(named))
  }

  passes(detection: Named): boolean {
    // A confidence shown as 60 % passes at 60 %.
    const sure = Math.round(detection.confidence * 100) >= Math.round(this.least * 100)
    return sure && !this.hidesKind(detection.kind) && !this.hidesLabel(detection)
  }

  toggleKind(kind: string): Filter {
    return new Filter(toggled(this.kinds, kind), this.labels, this.least)
  }

  toggleLabel(named: Pick<Detection, 'kind' | 'label'>): Filter {
    return new Filter(this.kinds, toggled(this.labels, nameOf(named)), this.least)
  }

  withLeast(least: number): Filter {
    return new Filter(this.kinds, this.labels, least)
  }

  moment(moment: Moment): Moment {
    if (this.open) return moment
    const shown = moment.shown.filter((one) => this.passes(one))
    return shown.length === moment.shown.length
      ? moment
      : { ...moment, shown, hidden: moment.hidden + moment.shown.length - shown.length }
  }

  /** The frame with only what passes; the same one each time, so that what is made of it can be kept. */
  frame(frame: Frame): Frame {
    if (this.open) return frame
    const known = this.frames.get(frame)
    if (known) return known
    const analyses = new Map(
      [...frame.analyses].map(([kind, analysis]) => [
        kind,
        { ...analysis, detections: analysis.detections.filter((one) => this.passes(one)) },
      ]),
    )
    const made = { ...frame, analyses }
    this.frames.set(frame, made)
    return made
  }
}
