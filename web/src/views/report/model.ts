import type { Shape } from '../../data/api/answers'

/** Reports as the API answers them. Times in seconds of media, shares in 0..1 of the screen. */

export type Exposure = Shape<'Exposure'>
export type ExposedLabel = Shape<'ExposedLabel'>
export type Appearance = Shape<'Appearance'>
export type Cost = Shape<'Cost'>
export type BillLine = Shape<'BillLine'>
