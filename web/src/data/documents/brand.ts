import { collection, documentId, type Firestore, limit, orderBy, type Query, query, where } from '@firebase/firestore'
import { type Fields, list, number, text } from './documents'
import type { Detection } from './model'

/** A brand, what else it is called, and what it looks like; docs/contracts.md, `brands/{brand}`. */
export interface Brand {
  readonly id: string
  readonly name: string
  readonly aliases: readonly string[]
  /** Texts that CLIP compares pictures with. */
  readonly prompts: readonly string[]
  /** Objects of the media bucket. */
  readonly references: readonly string[]
  /** Its own, or null. */
  readonly threshold: number | null
  readonly enabled: boolean
}

const texts = (value: unknown): readonly string[] => list(value).filter((one) => typeof one === 'string')

export function toBrand(id: string, data: Fields): Brand {
  return {
    id,
    name: text(data.name) ?? id,
    aliases: texts(data.aliases),
    prompts: texts(data.prompts),
    references: texts(data.references),
    threshold: number(data.threshold),
    enabled: data.enabled !== false,
  }
}

/** The brands of a tenant. */
export const brandsOf = (db: Firestore, tenant: string): Query =>
  query(collection(db, 'brands'), where('tenant', '==', tenant), orderBy(documentId()), limit(500))

/** Brands whose name, alias or prompt has every word of `words`; those that are looked for first, then by name. */
export function found(brands: readonly Brand[], words: string): readonly Brand[] {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean)
  return brands
    .filter(({ id, name, aliases, prompts }) => {
      const all = [id, name, ...aliases, ...prompts].join('\n').toLowerCase()
      return wanted.every((word) => all.includes(word))
    })
    .sort((a, b) => Number(b.enabled) - Number(a.enabled) || a.name.localeCompare(b.name))
}

/** Whether a detection is of the brand: providers may name it by its id or an alias too. */
export function isOf(brand: Brand, { label, kind }: Detection): boolean {
  const name = label.toLowerCase()
  return kind === 'logo' && [brand.id, brand.name, ...brand.aliases].some((one) => one.toLowerCase() === name)
}

/** "2 marks · 3 aliases · from 60 %" */
export function summary({ references, aliases, prompts, threshold }: Brand): string {
  const many = (count: number, what: string): string => (count ? `${count} ${what}${count === 1 ? '' : 's'}` : '')
  const from = threshold === null ? '' : `from ${Math.round(threshold * 100)} %`
  const parts = [many(references.length, 'mark'), many(aliases.length, 'alias').replace('aliass', 'aliases')]
  return (
    [...parts, many(prompts.length, 'prompt'), from].filter(Boolean).join(' · ') || 'nothing to recognise it by yet'
  )
}
