import type { Firestore } from '@firebase/firestore'
import { html, type TemplateResult } from 'lit'
import type { Api } from '../data/api/api'
import type { Config } from '../data/config'
import type { Route } from '../ui/route'

/** Everything that a view receives. */
export interface Context {
  readonly db: Firestore
  readonly config: Config
  readonly api: Api
  readonly route: Route
}

export interface ViewEntry {
  /** Loads its chunk: a viewer does not load the code for senders. */
  readonly load: () => Promise<unknown>
  readonly show: (context: Context) => TemplateResult
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
    show: ({ db, config, api, route }) =>
      html`<ma-streams .db=${db} .config=${config} .api=${api} .query=${route.query}></ma-streams>`,
  },
  explore: {
    nav: 'Explore',
    load: () => import('../views/explore/explore'),
    show: ({ db, route }) => html`<ma-explore .db=${db} .query=${route.query}></ma-explore>`,
  },
  brands: {
    nav: 'Brands',
    load: () => import('../views/brands/brands'),
    show: ({ db, api, route }) => html`<ma-brands .db=${db} .api=${api} .asked=${route.query}></ma-brands>`,
  },
  health: {
    nav: 'Health',
    load: () => import('../views/health/health'),
    show: ({ db, api }) => html`<ma-health .db=${db} .api=${api}></ma-health>`,
  },
  watch: {
    tab: 'Watch',
    load: () => import('../views/watch/watch'),
    show: ({ db, config, route }) =>
      html`<ma-watch .db=${db} .config=${config} .stream=${route.stream} .query=${route.query}></ma-watch>`,
  },
  publish: {
    tab: 'Go live',
    title: 'Go live',
    load: () => import('../views/publish/publish'),
    show: ({ db, config, route }) =>
      html`<ma-publish .db=${db} .config=${config} .stream=${route.stream}></ma-publish>`,
  },
  upload: {
    tab: 'Upload',
    title: 'Upload',
    load: () => import('../views/upload/upload'),
    show: ({ db, config, route }) => html`<ma-upload .db=${db} .config=${config} .stream=${route.stream}></ma-upload>`,
  },
  report: {
    tab: 'Report',
    title: 'Report',
    load: () => import('../views/report/report'),
    show: ({ db, api, route }) => html`<ma-report .db=${db} .api=${api} .route=${route}></ma-report>`,
  },
  settings: {
    nav: 'Settings',
    tab: 'Settings',
    load: () => import('../views/settings/settings'),
    show: ({ db, api, route }) => html`<ma-settings .db=${db} .api=${api} .stream=${route.stream}></ma-settings>`,
  },
  manage: {
    tab: 'Manage',
    title: 'Manage',
    load: () => import('../views/manage/manage'),
    show: ({ db, config, api, route }) =>
      html`<ma-manage .db=${db} .config=${config} .api=${api} .stream=${route.stream}></ma-manage>`,
  },
}
