import { afterEach, describe, expect, it, vi } from 'vitest'
import { Api, ApiError } from './api'

const caller = { token: async () => '', check: vi.fn(async () => undefined) }

function answered(body: string, status: number, type: string): Promise<unknown> {
  vi.stubGlobal('fetch', async () => new Response(body, { status, headers: { 'Content-Type': type } }))
  return new Api('https://front.test/api', caller).get<'/brands'>('/brands').catch((error: unknown) => error)
}

describe('an answer of the API', () => {
  afterEach(() => {
    vi.unstubAllGlobals()
    caller.check.mockClear()
  })

  it('is what its JSON holds', async () => {
    expect(await answered('{"brands": []}', 200, 'application/json')).toEqual({ brands: [] })
  })

  it('that refuses says why', async () => {
    const problem = '{"title": "Not found", "status": 404, "detail": "there is no brand \'x\'"}'
    expect(await answered(problem, 404, 'application/problem+json')).toEqual(
      new ApiError(404, 'Not found', "there is no brand 'x'"),
    )
  })

  it.each([200, 401, 403, 404, 502])('is not the page that a proxy answers with %i instead', async (status) => {
    const error = (await answered('<!doctype html><h1>Sign in</h1>', status, 'text/html; charset=utf-8')) as ApiError
    expect(error).toBeInstanceOf(ApiError)
    expect([error.status, error.closed]).toEqual([0, false])
    expect(error.message).toContain(`Something else than the API answered (${status})`)
    expect(caller.check).not.toHaveBeenCalled()
  })

  it('is not text that only says that it is JSON', async () => {
    const error = (await answered('OK', 200, 'application/json')) as ApiError
    expect(error.status).toBe(0)
  })
})
