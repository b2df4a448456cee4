import { initializeApp } from '@firebase/app'
import {
  connectFirestoreEmulator,
  type Firestore,
  initializeFirestore,
  memoryEagerGarbageCollector,
  memoryLocalCache,
} from '@firebase/firestore'
import type { Config } from '../config'

/** The database that the configuration names, in the cloud or on the emulator. */
export function connect(config: Config): Firestore {
  const app = initializeApp({ projectId: config.projectId, apiKey: config.apiKey })
  // By default, every document that was ever seen is kept, up to 40 MB: a stream shows thousands an hour.
  const localCache = memoryLocalCache({ garbageCollector: memoryEagerGarbageCollector() })
  const db = initializeFirestore(app, { localCache }, config.database)
  if (config.firestoreEmulator !== null) {
    const [host = '', port = ''] = config.firestoreEmulator.split(':')
    connectFirestoreEmulator(db, host, Number(port))
  }
  return db
}
