import { html, type TemplateResult } from 'lit'
import type { Role } from '../data/identity/roles'
import type { Route } from '../ui/route'

export interface ViewEntry {
  /** Loads its chunk: a viewer does not load the code for senders. */
  readonly load: () => Promise<unknown>
  readonly show: (route: Route) => TemplateResult
  /** Its name in the page's navigation, if it is listed there. */
  readonly nav?: string
  /** Its name among the views of one stream, if it is one of them. */
  readonly tab?: string
  /** Its name in the page's title, if not `nav`. */
  readonly title?: string
  /** The least role that it is of use to; without one it is open to strangers and share links, as far as they see anything. */
  readonly least?: Role
  /** Its purpose, as the beginning of the sentence that says which role is missing: "To send video". */
  readonly purpose?: string
  /** Open to share links that show reports, too. */
  readonly shared?: boolean
  /** Of a stream's views: closed to publishers who have not made it. */
  readonly own?: boolean
  /** A stream's key opens it too, to people without an account. */
  readonly byKey?: boolean
  /** Where it is about no stream: for those who run the deployment. */
  readonly deployment?: boolean
}

/** All views. A new one is its component and an entry here. */
export const VIEWS: Readonly<Record<string, ViewEntry>> = {
  streams: {
    least: 'viewer',
    purpose: 'To see which streams there are',
    nav: 'Streams',
    load: () => import('../views/streams/streams'),
    show: (route) => html`<ma-streams .query=${route.query}></ma-streams>`,
  },
  explore: {
    least: 'publisher',
    purpose: 'To search the frames of all streams',
    nav: 'Explore',
    load: () => import('../views/explore/explore'),
    show: (route) => html`<ma-explore .query=${route.query}></ma-explore>`,
  },
  brands: {
    least: 'viewer',
    purpose: 'To see the brands that are looked for',
    nav: 'Brands',
    load: () => import('../views/brands/brands'),
    show: (route) => html`<ma-brands .asked=${route.query}></ma-brands>`,
  },
  rules: {
    least: 'publisher',
    purpose: 'To see which rules there are, and what they fired for',
    nav: 'Rules',
    load: () => import('../views/rules/rules'),
    show: () => html`<ma-rules></ma-rules>`,
  },
  health: {
    least: 'publisher',
    purpose: 'To see how the streams are doing',
    nav: 'Health',
    load: () => import('../views/health/health'),
    show: () => html`<ma-health></ma-health>`,
  },
  watch: {
    tab: 'Watch',
    load: () => import('../views/watch/watch'),
    show: (route) => html`<ma-watch .stream=${route.stream} .query=${route.query}></ma-watch>`,
  },
  publish: {
    least: 'publisher',
    purpose: 'To send video',
    own: true,
    byKey: true,
    tab: 'Go live',
    title: 'Go live',
    load: () => import('../views/publish/publish'),
    show: (route) => html`<ma-publish .stream=${route.stream}></ma-publish>`,
  },
  upload: {
    least: 'publisher',
    purpose: 'To upload video',
    own: true,
    byKey: true,
    tab: 'Upload',
    title: 'Upload',
    load: () => import('../views/upload/upload'),
    show: (route) => html`<ma-upload .stream=${route.stream}></ma-upload>`,
  },
  report: {
    least: 'viewer',
    purpose: 'To read reports',
    shared: true,
    tab: 'Report',
    title: 'Report',
    load: () => import('../views/report/report'),
    show: (route) => html`<ma-report .route=${route}></ma-report>`,
  },
  clips: {
    tab: 'Clips',
    title: 'Clips',
    load: () => import('../views/clips/clips'),
    show: (route) => html`<ma-clips .route=${route}></ma-clips>`,
  },
  settings: {
    least: 'publisher',
    purpose: 'To see and change how streams are analysed',
    own: true,
    deployment: true,
    nav: 'Settings',
    tab: 'Settings',
    load: () => import('../views/settings/settings'),
    show: (route) => html`<ma-settings .stream=${route.stream}></ma-settings>`,
  },
  manage: {
    least: 'publisher',
    purpose: 'To manage this stream',
    own: true,
    tab: 'Manage',
    title: 'Manage',
    load: () => import('../views/manage/manage'),
    show: (route) => html`<ma-manage .stream=${route.stream}></ma-manage>`,
  },
  embed: {
    title: 'Video',
    load: () => import('../views/embed/embed'),
    show: (route) => html`<ma-embed .stream=${route.stream}></ma-embed>`,
  },
  members: {
    least: 'admin',
    purpose: 'To invite people and change their roles',
    nav: 'Members',
    load: () => import('../views/members/members'),
    show: () => html`<ma-members></ma-members>`,
  },
  quotas: {
    least: 'admin',
    purpose: 'To see and change the quotas',
    nav: 'Quotas',
    load: () => import('../views/quotas/quotas'),
    show: () => html`<ma-quotas></ma-quotas>`,
  },
  audit: {
    least: 'admin',
    purpose: 'To read the audit log',
    nav: 'Audit',
    load: () => import('../views/audit/audit'),
    show: (route) => html`<ma-audit .query=${route.query}></ma-audit>`,
  },
}
