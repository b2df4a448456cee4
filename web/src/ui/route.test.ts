import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { address, remember, routeOf } from './route'

const VIEWS = ['streams', 'watch', 'upload']
const replaceState = vi.fn()

beforeEach(() => {
  replaceState.mockClear()
  vi.stubGlobal('window', {
    location: { search: '?stream=arena&least=60', hash: '' },
    history: { state: { entry: 3 }, replaceState },
  })
})
afterEach(() => vi.unstubAllGlobals())

it.each([
  ['', 'streams', ''],
  ['?view=upload', 'upload', ''],
  ['?stream=arena', 'watch', 'arena'],
  ['?stream=arena&upload', 'upload', 'arena'],
  ['?stream=arena&view=nowhere', 'watch', 'arena'],
])('the address %s shows %s', (search, view, stream) => {
  expect(routeOf(search, VIEWS)).toMatchObject({ view, stream })
})

it('a change of state keeps the rest of the address, and null removes a parameter', () => {
  expect(address(new URLSearchParams('stream=arena&t=4'), { t: null, least: '60' })).toBe('?stream=arena&least=60')
})

it('state is kept in the address of the same entry of the history', () => {
  const query = remember(new URLSearchParams('stream=arena&least=60'), { least: '70' })
  expect(String(query)).toBe('stream=arena&least=70')
  expect(replaceState).toHaveBeenCalledWith({ entry: 3 }, '', '?stream=arena&least=70')
})

it('a view that has been left does not change the address of the next', () => {
  remember(new URLSearchParams('view=brands'), { brand: 'velox' })
  expect(replaceState).not.toHaveBeenCalled()
})
