import type { Box } from '../../data/documents/model'

/** Reports as the API answers them (openapi.json). Times in seconds of media, shares in 0..1 of the screen. */

export interface ExposedLabel {
  readonly label: string
  readonly seconds: number
  readonly share_of_time: number
  readonly appearances: number
  readonly first: number
  readonly last: number
  readonly share: { readonly mean: number; readonly max: number; readonly seconds: number }
  readonly confidence: number
}

export interface Exposure {
  readonly kind: string
  readonly media_seconds: number | null
  readonly ended: string | null
  readonly analysed_seconds: number
  readonly until: number
  readonly left_out: number
  readonly labels: readonly ExposedLabel[]
}

export interface Appearance {
  readonly id: string
  readonly label: string
  readonly from: number
  readonly to: number
  /** Empty where a label is for the whole frame. */
  readonly track: readonly { readonly time: number; readonly box: Box }[]
}

export interface BillLine {
  readonly item: string
  readonly quantity: number
  readonly unit: string
  readonly usd: number
}

export interface Cost {
  readonly ended: string | null
  readonly as_of: string
  readonly region: string
  readonly usage: {
    readonly media_seconds: number
    readonly segments: number
    readonly frames: number
    readonly calls: readonly { provider: string; kind: string; calls: number; failed: number }[]
  }
  readonly usd: number
  readonly usd_per_hour: number | null
  readonly lines: readonly BillLine[]
  /** Had a fixed number of frames of each second been analysed. */
  readonly fixed: { readonly frames: number; readonly usd: number; readonly usd_per_hour: number | null }
}
