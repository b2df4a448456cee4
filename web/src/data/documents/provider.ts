import { type Fields, text } from './documents'

/** How a provider stands, as whoever called it last has seen; docs/contracts.md, `providers/{provider}`. */
export interface ProviderState {
  readonly id: string
  readonly state: string | null
  readonly model: string | null
  readonly error: string | null
}

export const toProvider = (id: string, data: Fields): ProviderState => ({
  id,
  state: text(data.state),
  model: text(data.model),
  error: text(data.last_error),
})

/** One of GET /providers: which there are, and what they can look for. */
export interface Provider {
  readonly name: string
  readonly kinds: readonly string[]
}
