import type { Firestore } from '@firebase/firestore'
import { createContext } from '@lit/context'
import type { Api } from './api/api'
import type { Config } from './config'
import type { Session } from './identity/session'

/** Provided to every component by ma-app, once the configuration is loaded. A component asks with `@consume`. */
export const database = createContext<Firestore>(Symbol('database'))
export const operatorApi = createContext<Api>(Symbol('api'))
export const identity = createContext<Session>(Symbol('session'))
export const configuration = createContext<Config>(Symbol('configuration'))
