import { serverClock } from './server-clock'

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
  /** "host:port" of Firebase Auth's emulator, or null for the cloud. */
  readonly authEmulator: string | null
  /** Host that Firebase's own windows of a sign-in come from. */
  readonly authDomain: string
  /** Ways to sign in, in the order of their buttons: "password", "link", "google", or an OIDC provider's id, "oidc.NAME". */
  readonly signIn: readonly string[]
  /** The deployment's own tenant. */
  readonly tenant: string
  /** Id of this page's app, and the site key of reCAPTCHA Enterprise, by which it proves itself; null: it need not. */
  readonly appCheck: { readonly app: string; readonly siteKey: string } | null
}

export class ConfigError extends Error {}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const REQUIRED = ['projectId', 'apiUrl', 'ingestUrl'] as const

/** Fetches and checks config.json, whose apiUrl may be relative to the page. Throws ConfigError with a sentence for the person who deployed the page. */
export async function loadConfig(url = 'config.json'): Promise<Config> {
  let response: Response
  try {
    response = await serverClock.asked(() => fetch(url, { cache: 'no-store' }))
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
  const emulator = (name: string): string | null => {
    const value = text(name, '')
    if (value !== '' && !/^[^/:]+:\d+$/.test(value)) {
      throw new ConfigError(`${url}: "${name}" is ${JSON.stringify(value)}, expected "host:port" or null.`)
    }
    return value || null
  }
  return {
    projectId: text('projectId', ''),
    database: text('database', '(default)'),
    apiKey: text('apiKey', 'none'),
    apiUrl: text('apiUrl', '').replace(/\/+$/, ''),
    ingestUrl: text('ingestUrl', '').replace(/\/+$/, ''),
    rtmpUrl: text('rtmpUrl', '') || null,
    firestoreEmulator: emulator('firestoreEmulator'),
    authEmulator: emulator('authEmulator'),
    authDomain: text('authDomain', ''),
    signIn: list(fields.signIn).filter((one) => typeof one === 'string'),
    tenant: text('tenant', 'main'),
    appCheck: appCheckOf(fields['appCheck'], url),
  }
}

function appCheckOf(value: unknown, url: string): Config['appCheck'] {
  if (value === null || value === undefined) return null
  const { app, siteKey } = value as Record<string, unknown>
  if (typeof app !== 'string' || typeof siteKey !== 'string' || app === '' || siteKey === '')
    throw new ConfigError(`${url}: "appCheck" is incomplete, expected {"app", "siteKey"} or null.`)
  return { app, siteKey }
}
