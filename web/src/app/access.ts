import type { Role } from '../data/identity/roles'
import type { Session } from '../data/identity/session'
import type { Route } from '../ui/route'
import type { ViewEntry } from './views'

/** What is missing to see a view. */
export interface Lacking {
  readonly least: Role
  readonly purpose: string
  /** Whether only those who run the deployment itself may. */
  readonly deployment?: boolean
}

interface Seen {
  readonly route: Route
  /** The stream's document as far as it is known. */
  readonly stream: { readonly createdBy: string | null } | null | undefined
}

/** Whether a view is listed for this identity. */
export function offered(view: ViewEntry, session: Session, stream: Seen['stream']): boolean {
  if (!view.nav && !view.tab) return false
  if (session.share) return view.tab === 'Watch' || (view.shared === true && session.share.reports)
  if (!session.may(view.least ?? 'viewer')) return view.least === undefined
  if (view.deployment && !stream) return session.operates
  return !view.own || !view.tab || !stream || session.mayChange(stream)
}

/** What this identity lacks to see a view; null where that is nothing. */
export function lacking(view: ViewEntry, session: Session, { route, stream }: Seen): Lacking | null {
  const { least, purpose = 'To see this' } = view
  if (!least || view.byKey || (view.shared && session.share?.reports && session.share.stream === route.stream))
    return null
  if (view.deployment && !route.stream && !session.operates) return { least: 'operator', purpose, deployment: true }
  if (!session.may(least)) return { least, purpose }
  if (view.own && route.stream && stream && !session.mayChange(stream)) return { least: 'operator', purpose }
  return null
}
