/** Addresses of the deployment. The deployment writes them beside index.html; they hold no secret. */
export interface Config {
  readonly projectId: string
  readonly database: string
  readonly apiKey: string
  readonly apiUrl: string
  readonly ingestUrl: string
  /** The value of OBS's field "Server"; null if no RTMP server is deployed. */
  readonly rtmpUrl: string | null
  /** "host:port" of Firestore's emulator, or null for the cloud. */
  readonly firestoreEmulator: string | null
}

export class ConfigError extends Error {}

const REQUIRED = ['projectId', 'apiUrl', 'ingestUrl'] as const

/** Fetches and checks config.json, whose apiUrl may be relative to the page. Throws ConfigError with a sentence for the person who deployed the page. */
export async function loadConfig(url = 'config.json'): Promise<Config> {
  let response: Response
  try {
    response = await fetch(url, { cache: 'no-cache' })
  } catch {
    throw new ConfigError(`${url} could not be fetched: the server of this page did not answer.`)
  }
  if (!response.ok) throw new ConfigError(`${url} answered ${response.status}. It belongs beside index.html.`)
  let raw: unknown
  try {
    raw = await response.json()
  } catch {
    throw new ConfigError(`${url} is not JSON.`)
  }
  const config = parseConfig(raw, url)
  return { ...config, apiUrl: new URL(config.apiUrl, document.baseURI).href }
}

/** The configuration in `raw`. Throws ConfigError naming the field that is missing or malformed. */
export function parseConfig(raw: unknown, url = 'config.json'): Config {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new ConfigError(`${url} is not a JSON object.`)
  const fields = raw as Record<string, unknown>
  for (const name of REQUIRED) {
    if (typeof fields[name] !== 'string' || fields[name] === '') throw new ConfigError(`${url} lacks "${name}".`)
  }
  const text = (name: string, fallback: string): string => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : fallback
  }
  const emulator = text('firestoreEmulator', '')
  if (emulator !== '' && !/^[^/:]+:\d+$/.test(emulator)) {
    throw new ConfigError(`${url}: "firestoreEmulator" is ${JSON.stringify(emulator)}, expected "host:port" or null.`)
  }
  return {
    projectId: text('projectId', ''),
    database: text('database', '(default)'),
    apiKey: text('apiKey', 'none'),
    apiUrl: text('apiUrl', '').replace(/\/+$/, ''),
    ingestUrl: text('ingestUrl', '').replace(/\/+$/, ''),
    rtmpUrl: text('rtmpUrl', '') || null,
    firestoreEmulator: emulator === '' ? null : emulator,
  }
}
