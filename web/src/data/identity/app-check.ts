import type { FirebaseApp } from '@firebase/app'
import { getToken, initializeAppCheck, ReCaptchaEnterpriseProvider } from '@firebase/app-check'

/**
 * App Check, in a part of the page of its own: only a deployment with a site key loads it. Firestore and Auth, of the
 * same app, send its tokens by themselves.
 */
export function prove(app: FirebaseApp, siteKey: string): () => Promise<string> {
  const check = initializeAppCheck(app, {
    provider: new ReCaptchaEnterpriseProvider(siteKey),
    isTokenAutoRefreshEnabled: true,
  })
  return async () => (await getToken(check)).token
}
