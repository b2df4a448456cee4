/** Roles of members, from the least to the most (SECURITY.md); a role may do what those before it may. */

export const ROLES = ['viewer', 'publisher', 'operator', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** A person of a tenant, as the API tells of them. */
export interface Member {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly tenant: string
  readonly role: Role
}

/** A link to one stream that was redeemed. */
export interface Share {
  readonly id: string
  readonly stream: string
  /** Milliseconds since 1970. */
  readonly until: number
  /** Whether the stream's reports are open to it. */
  readonly reports: boolean
}

/** What each role does, as the members' page explains it. */
export const DUTIES: Readonly<Record<Role, string>> = {
  viewer: 'watches what is meant for the tenant, and streams that list them',
  publisher: 'also makes streams, and sends video to those',
  operator: 'also runs every stream of the tenant: settings, brands, sharing',
  admin: 'also invites people, and reads the audit log',
}

export const isRole = (value: unknown): value is Role => (ROLES as readonly unknown[]).includes(value)

export const reaches = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least)

/** "an operator": a role with its article. */
export const named = (role: Role): string => `${/^[aeiou]/.test(role) ? 'an' : 'a'} ${role}`
