import { describe, expect, it } from 'vitest'
import { parseConfig } from './config'

const GOOD = {
  projectId: 'p',
  database: '(default)',
  apiKey: 'k',
  apiUrl: 'https://api.example.com/',
  ingestUrl: 'https://ingest.example.com/',
  firestoreEmulator: null,
}

describe('the configuration', () => {
  it('ends addresses without a slash', () => {
    expect(parseConfig(GOOD)).toMatchObject({
      apiUrl: 'https://api.example.com',
      ingestUrl: 'https://ingest.example.com',
    })
  })

  it('names the field that is missing', () => {
    const { apiUrl: _, ...rest } = GOOD
    expect(() => parseConfig(rest)).toThrow('config.json lacks "apiUrl"')
  })

  it('says how an emulator is written', () => {
    expect(() => parseConfig({ ...GOOD, firestoreEmulator: 'http://127.0.0.1:8080' })).toThrow('expected "host:port"')
    expect(parseConfig({ ...GOOD, firestoreEmulator: '127.0.0.1:8080' }).firestoreEmulator).toBe('127.0.0.1:8080')
  })

  it('has both parts of App Check, or none', () => {
    expect(parseConfig(GOOD).appCheck).toBeNull()
    expect(parseConfig({ ...GOOD, appCheck: { app: '1:2:web:3', siteKey: 'k' } }).appCheck?.app).toBe('1:2:web:3')
    expect(() => parseConfig({ ...GOOD, appCheck: { app: '1:2:web:3' } })).toThrow('"appCheck" is incomplete')
  })

  it('must be an object', () => {
    expect(() => parseConfig([])).toThrow('not a JSON object')
    expect(() => parseConfig(null)).toThrow('not a JSON object')
  })
})
