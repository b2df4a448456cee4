import { type FirebaseApp, initializeApp } from '@firebase/app'
import {
  connectFirestoreEmulator,
  type Firestore,
  initializeFirestore,
  memoryEagerGarbageCollector,
  memoryLocalCache,
  terminate,
} from '@firebase/firestore'
import type { Config } from '../config'

/** The app that the configuration names. */
export const appOf = ({ projectId, apiKey, authDomain, appCheck }: Config): FirebaseApp =>
  initializeApp({
    projectId,
    apiKey,
    ...(authDomain ? { authDomain } : {}),
    ...(appCheck ? { appId: appCheck.app } : {}),
  })

/** Its database, in the cloud or on the emulator. */
export function connect(app: FirebaseApp, config: Config): Firestore {
  // By default, every document that was ever seen is kept, up to 40 MB: a stream shows thousands an hour.
  const localCache = memoryLocalCache({ garbageCollector: memoryEagerGarbageCollector() })
  const db = initializeFirestore(app, { localCache }, config.database)
  if (config.firestoreEmulator !== null) {
    const [host = '', port = ''] = config.firestoreEmulator.split(':')
    connectFirestoreEmulator(db, host, Number(port))
  }
  // Without a word, the server keeps for a page that is gone what it listened to. One that is shown again is loaded again.
  window.addEventListener('pagehide', () => void terminate(db))
  return db
}
