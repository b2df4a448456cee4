import { kindName, number } from '../../data/format'

const NAMES: Readonly<Record<string, string>> = {
  'run.cpu': 'Cloud Run, processors',
  'run.memory': 'Cloud Run, memory',
  'run.requests': 'Cloud Run, requests',
  'gpu.l4': 'GPU (L4)',
  'gpu.cpu': 'GPU machine, processors',
  'gpu.memory': 'GPU machine, memory',
  'storage.class_a': 'Cloud Storage, writes',
  'storage.class_b': 'Cloud Storage, reads',
  'pubsub.throughput': 'Pub/Sub',
  'firestore.writes': 'Firestore, writes',
  'firestore.reads': 'Firestore, reads',
}

/** Name of a line of the bill. */
export function itemName(item: string): string {
  if (item.startsWith('vision.')) return `Cloud Vision, ${kindName(item.slice('vision.'.length))}`
  return NAMES[item] ?? item
}

/** 1,234 or 0.0021: as many digits as say something. */
export const quantity = (value: number): string => {
  if (value >= 100) return number(Math.round(value))
  return value === 0 || value >= 0.01 ? String(Number(value.toFixed(2))) : value.toPrecision(2)
}
