import type { Firestore } from '@firebase/firestore'
import { html, type TemplateResult } from 'lit'
import type { Api } from './api/api'
import type { Config } from './config'
import type { Route } from './route'

/** What every view is given. */
export interface Context {
  readonly db: Firestore
  readonly config: Config
  readonly api: Api
  readonly route: Route
}

export interface ViewEntry {
  /** Its chunk: who watches does not load what senders need. */
  readonly load: () => Promise<unknown>
  readonly show: (context: Context) => TemplateResult
  /** Its name in the page's navigation; none: it is reached from elsewhere. */
  readonly nav?: string
}

/** Every view there is. A new one is its component and an entry here. */
export const VIEWS: Readonly<Record<string, ViewEntry>> = {
  streams: {
    nav: 'Streams',
    load: () => import('./components/streams'),
    show: ({ db, config }) => html`<ma-streams .db=${db} .config=${config}></ma-streams>`,
  },
  watch: {
    load: () => import('./components/watch'),
    show: ({ db, config, route }) =>
      html`<ma-watch .db=${db} .config=${config} .stream=${route.stream} .query=${route.query}></ma-watch>`,
  },
  publish: {
    load: () => import('./components/publish'),
    show: ({ db, config, route }) =>
      html`<ma-publish .db=${db} .config=${config} .stream=${route.stream}></ma-publish>`,
  },
  upload: {
    load: () => import('./components/upload'),
    show: ({ db, config, route }) => html`<ma-upload .db=${db} .config=${config} .stream=${route.stream}></ma-upload>`,
  },
}
