import { describe, expect, it } from 'vitest'
import { type Member, ROLES, type Role, reaches } from '../data/identity/roles'
import type { Session } from '../data/identity/session'
import { routeOf } from '../ui/route'
import { lacking, offered } from './access'
import { VIEWS } from './views'

const STREAM = { createdBy: 'm2' }

function who(role: Role | null, tenant = 'main', share: Session['share'] = null): Session {
  const member = role && ({ id: 'm1', email: 'a@b.c', name: 'A', tenant, role } satisfies Member)
  const may = (least: Role): boolean => role !== null && reaches(role, least)
  const mayChange = (stream: { createdBy: string | null } | null | undefined): boolean =>
    may('operator') || (may('publisher') && stream?.createdBy === 'm1')
  return { member, share, may, mayChange, operates: may('operator') && tenant === 'main' } as unknown as Session
}

function seen(session: Session, stream: { createdBy: string } | null = null): string {
  const names = Object.entries(VIEWS).filter(([, view]) => offered(view, session, stream))
  return names.map(([name]) => name).join(' ')
}

describe('the views that are offered', () => {
  it.each([
    ['a stranger', who(null), 'watch clips'],
    ['a viewer', who('viewer'), 'streams brands watch report clips'],
    [
      'an operator',
      who('operator'),
      'streams explore brands rules health watch publish upload report clips settings manage',
    ],
    [
      'an admin',
      who('admin'),
      'streams explore brands rules health watch publish upload report clips settings manage members quotas audit',
    ],
    ['a share link', who(null, '', { id: 'h', stream: 's', until: 0, reports: false }), 'watch'],
    ['a share link with reports', who(null, '', { id: 'h', stream: 's', until: 0, reports: true }), 'watch report'],
  ])('to %s follow the role', (_, session, views) => {
    expect(seen(session, STREAM)).toBe(views)
  })

  it('to a publisher depend on who made the stream', () => {
    expect(seen(who('publisher'), STREAM)).toBe('streams explore brands rules health watch report clips')
    expect(seen(who('publisher'), { createdBy: 'm1' })).toContain('publish upload report clips settings manage')
  })

  it('leave the settings of the deployment to its own tenant', () => {
    expect(seen(who('operator', 'north'))).not.toContain('settings')
    expect(seen(who('operator', 'main'))).toContain('settings')
  })
})

describe('what is missing', () => {
  it.each(Object.keys(VIEWS))('to see %s is said to each role, or nothing is missing', (name) => {
    const view = VIEWS[name]
    const route = routeOf(`?stream=s&view=${name}`, Object.keys(VIEWS))
    for (const role of [null, ...ROLES]) {
      const lacks = view && lacking(view, who(role), { route, stream: { createdBy: 'm1' } })
      expect(lacks === null).toBe(!view?.least || view.byKey === true || (role !== null && reaches(role, view.least)))
    }
  })

  it('to change another’s stream is an operator’s role', () => {
    const route = routeOf('?stream=s&manage', Object.keys(VIEWS))
    const lacks = VIEWS.manage && lacking(VIEWS.manage, who('publisher'), { route, stream: STREAM })
    expect(lacks?.least).toBe('operator')
  })
})
