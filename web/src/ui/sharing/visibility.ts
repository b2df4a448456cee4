import type { Visibility } from '../../data/documents/model'

/** Each visibility of a stream: its name, and those who see the stream then. */
export const VISIBILITY: Readonly<Record<Visibility, readonly [string, string]>> = {
  private: ['Private', 'Publishers, operators and administrators of the tenant, and the viewers that it lists.'],
  tenant: ['The tenant', 'Every member of the tenant.'],
  public: ['Public', 'Everyone who has the address, without signing in.'],
}
