import { html, type TemplateResult } from 'lit'
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
}

/** All views. A new one is its component and an entry here. */
export const VIEWS: Readonly<Record<string, ViewEntry>> = {
  streams: {
    nav: 'Streams',
    load: () => import('../views/streams/streams'),
    show: (route) => html`<ma-streams .query=${route.query}></ma-streams>`,
  },
  explore: {
    nav: 'Explore',
    load: () => import('../views/explore/explore'),
    show: (route) => html`<ma-explore .query=${route.query}></ma-explore>`,
  },
  brands: {
    nav: 'Brands',
    load: () => import('../views/brands/brands'),
    show: (route) => html`<ma-brands .asked=${route.query}></ma-brands>`,
  },
  health: {
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
    tab: 'Go live',
    title: 'Go live',
    load: () => import('../views/publish/publish'),
    show: (route) => html`<ma-publish .stream=${route.stream}></ma-publish>`,
  },
  upload: {
    tab: 'Upload',
    title: 'Upload',
    load: () => import('../views/upload/upload'),
    show: (route) => html`<ma-upload .stream=${route.stream}></ma-upload>`,
  },
  report: {
    tab: 'Report',
    title: 'Report',
    load: () => import('../views/report/report'),
    show: (route) => html`<ma-report .route=${route}></ma-report>`,
  },
  settings: {
    nav: 'Settings',
    tab: 'Settings',
    load: () => import('../views/settings/settings'),
    show: (route) => html`<ma-settings .stream=${route.stream}></ma-settings>`,
  },
  manage: {
    tab: 'Manage',
    title: 'Manage',
    load: () => import('../views/manage/manage'),
    show: (route) => html`<ma-manage .stream=${route.stream}></ma-manage>`,
  },
}
