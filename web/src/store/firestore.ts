import { initializeApp } from '@firebase/app'
import { connectFirestoreEmulator, type Firestore, initializeFirestore } from '@firebase/firestore'
import type { Config } from '../config'

/** The database that the configuration names, in the cloud or on the emulator. */
export function connect(config: Config): Firestore {
  const app = initializeApp({ projectId: config.projectId, apiKey: config.apiKey })
  const db = initializeFirestore(app, {}, config.database)
  if (config.firestoreEmulator !== null) {
    const [host = '', port = ''] = config.firestoreEmulator.split(':')
    connectFirestoreEmulator(db, host, Number(port))
  }
  return db
}
