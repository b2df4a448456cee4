import type { Shape } from '../../data/api/answers'

export type What = Shape<'Rule'>['what']
export type Kind = What['kind']

/** A field of a kind of rule, as the form asks for it. A list is typed with commas. */
interface Field {
  readonly name: string
  readonly label: string
  readonly type: 'text' | 'number' | 'list'
  readonly value?: string
}

const LABEL: Field = { name: 'label', label: 'Label', type: 'text' }
const WORDS: Field = { name: 'words', label: 'Words', type: 'text' }
const seconds = (value: string): Field => ({ name: 'seconds', label: 'Seconds', type: 'number', value })

/** The kinds of rules and their fields; those that are left out have the API's defaults. */
export const KINDS: Readonly<Record<Kind, { readonly title: string; readonly fields: readonly Field[] }>> = {
  absent: { title: 'A label is absent for', fields: [LABEL, seconds('120')] },
  appears: { title: 'A label appears', fields: [LABEL] },
  disappears: { title: 'A label disappears', fields: [LABEL] },
  pace: {
    title: 'A label is behind its pace',
    fields: [
      LABEL,
      seconds('90'),
      { name: 'minutes', label: 'Within minutes', type: 'number', value: '60' },
      { name: 'share', label: 'Least share of the screen', type: 'number', value: '0.025' },
    ],
  },
  beside: {
    title: 'A label is beside another',
    fields: [LABEL, { name: 'others', label: 'Others, separated by commas', type: 'list' }],
  },
  word: { title: 'Words are said', fields: [WORDS] },
  shown: { title: 'Words are shown', fields: [WORDS] },
  unsafe: {
    title: 'A picture is unsafe',
    fields: [{ name: 'labels', label: 'Labels, separated by commas', type: 'list', value: 'adult, violence, racy' }],
  },
  stopped: { title: 'A stream stops for', fields: [seconds('30')] },
  degraded: {
    title: 'A stream breaks off',
    fields: [{ name: 'breaks', label: 'Times within a minute', type: 'number', value: '3' }],
  },
}

/** What a rule looks for, made of what was typed. */
export function whatOf(kind: Kind, typed: (name: string) => string): What {
  const fields = KINDS[kind].fields.map(({ name, type }) => {
    const text = typed(name).trim()
    if (type === 'number') return [name, Number(text)]
    if (type === 'list') return [name, text.split(',').flatMap((one) => one.trim() || [])]
    return [name, text]
  })
  return { kind, ...Object.fromEntries(fields) } as What
}

/** What a rule looks for, in a few words. */
export function spoken(what: What): string {
  const { title, fields } = KINDS[what.kind]
  const values = what as unknown as Readonly<Record<string, string | number | readonly string[]>>
  const said = fields.map(({ name, label, type }) => {
    const value = values[name]
    return type === 'number'
      ? `${label.toLowerCase()} ${value}`
      : `“${Array.isArray(value) ? value.join(', ') : value}”`
  })
  return [title, said.join(', ')].join(': ')
}
