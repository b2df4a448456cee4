import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Media } from './media'

const NOW = Date.parse('2026-05-04T12:00:00Z')
const MAC = 'ab'.repeat(32)

function granted(stream: string, until: number): Response {
  const body = { grant: { url: `/m/${stream}.${until}.0.m1.${MAC}/`, expires: new Date(until * 1000).toISOString() } }
  const response = new Response(JSON.stringify(body), { status: 201 })
  Object.defineProperty(response, 'url', { value: `https://front.test/api/streams/${stream}/grants` })
  return response
}

describe('media', () => {
  let asked: string[] = []
  let bearer = ''
  let token = ''
  let answer: (stream: string) => Response

  beforeEach(() => {
    vi.useFakeTimers({ now: NOW })
    vi.stubGlobal('window', globalThis)
    asked = []
    answer = (stream) => granted(stream, NOW / 1000 + 3600)
    vi.stubGlobal('fetch', async (url: string, { headers }: { headers?: Record<string, string> }) => {
      asked.push(url)
      bearer = headers?.Authorization ?? ''
      return answer(/streams\/([^/]+)/.exec(url)?.[1] ?? '')
    })
  })

  afterEach(() => {
    vi.useRealTimers()
    vi.unstubAllGlobals()
  })

  function made(): Media {
    const media = new Media()
    media.connect('https://front.test/api', async () => token)
    return media
  }

  it('asks for one grant for all objects of a stream that are wanted at once', async () => {
    const media = made()
    const [one, two] = await Promise.all([media.address('frames/a/s/1.jpg'), media.address('frames/a/s/2.jpg')])
    expect(one).toBe(`https://front.test/m/a.${NOW / 1000 + 3600}.0.m1.${MAC}/frames/a/s/1.jpg`)
    expect(two).toContain('/frames/a/s/2.jpg')
    expect(media.now('frames/a/s/3.jpg')).toContain('/frames/a/s/3.jpg')
    expect(asked).toEqual(['https://front.test/api/streams/a/grants'])
  })

  it('asks again before a grant expires, and gives players the new one', async () => {
    const media = made()
    const old = (await media.address('playlists/a/s/index.m3u8')) ?? ''
    vi.setSystemTime(NOW + 3_400_000)
    answer = (stream) => granted(stream, NOW / 1000 + 7200)
    expect(media.now('playlists/a/s/index.m3u8')).toBe(old)
    await vi.runAllTimersAsync()
    expect(asked).toHaveLength(2)
    expect(media.renewed(old)).toBe(`https://front.test/m/a.${NOW / 1000 + 7200}.0.m1.${MAC}/playlists/a/s/index.m3u8`)
  })

  it('asks in the name of the identity, and again once that is another', async () => {
    const media = made()
    token = 'of-a-member'
    await media.address('frames/a/s/1.jpg')
    expect(bearer).toBe('Bearer of-a-member')
    token = ''
    media.forget()
    expect(media.now('frames/a/s/1.jpg')).toBeNull()
    await media.address('frames/a/s/1.jpg')
    expect(bearer).toBe('')
  })

  it('does not keep what was asked for in the name of the identity before', async () => {
    const media = made()
    const asking = media.address('frames/a/s/1.jpg')
    media.forget()
    await asking
    expect(media.now('frames/a/s/1.jpg')).toBeNull()
  })

  it('asks for the grant of its stream for what was imported, too', async () => {
    const media = made()
    await media.address('batch/frames/a/s/1.jpg')
    expect(media.now('batch/segments/a/s/0.ts')).not.toBeNull()
    expect(asked).toEqual(['https://front.test/api/streams/a/grants'])
  })

  it('asks for one grant for the marks of all brands', async () => {
    const media = made()
    await media.address('brands/nike/0.png')
    expect(media.now('brands/velox/0.png')).not.toBeNull()
    expect(asked).toEqual(['https://front.test/api/grants'])
  })

  it('does not use a grant that has expired or was refused', async () => {
    const media = made()
    await media.address('frames/a/s/1.jpg')
    vi.setSystemTime(NOW + 3_600_000)
    expect(media.now('frames/a/s/1.jpg')).toBeNull()
    vi.setSystemTime(NOW)
    media.refused('frames/a/s/1.jpg')
    expect(media.now('frames/a/s/1.jpg')).toBeNull()
  })

  it('gives no address where the API does not answer, and does not ask at once again', async () => {
    const media = made()
    answer = () => new Response('', { status: 404 })
    expect(await media.address('frames/gone/s/1.jpg')).toBeNull()
    expect(await media.address('frames/gone/s/2.jpg')).toBeNull()
    expect(asked).toHaveLength(1)
    await vi.runAllTimersAsync()
    expect(await media.address('frames/gone/s/1.jpg')).toBeNull()
    expect(asked).toHaveLength(2)
  })

  it('leaves an address alone that is no grant of ours', () => {
    expect(made().renewed('https://elsewhere.test/media/playlists/a/s/index.m3u8')).toBe(
      'https://elsewhere.test/media/playlists/a/s/index.m3u8',
    )
  })
})
