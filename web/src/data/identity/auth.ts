import type { FirebaseApp } from '@firebase/app'
import {
  type AuthProvider,
  browserPopupRedirectResolver,
  connectAuthEmulator,
  type Auth as FirebaseAuth,
  GoogleAuthProvider,
  initializeAuth,
  inMemoryPersistence,
  isSignInWithEmailLink,
  OAuthProvider,
  sendSignInLinkToEmail,
  signInWithCustomToken,
  signInWithEmailAndPassword,
  signInWithEmailLink,
  signInWithPopup,
  signOut,
} from '@firebase/auth'
import type { Config } from '../config'

/**
 * Firebase Auth, in a part of the page of its own: it is loaded for a session or a sign-in, and by no visitor else.
 * Whatever it holds stays in memory. Firestore, of the same app, takes its tokens by itself.
 */
export class Auth {
  private readonly auth: FirebaseAuth

  constructor(app: FirebaseApp, { authEmulator }: Pick<Config, 'authEmulator'>) {
    this.auth = initializeAuth(app, { persistence: inMemoryPersistence })
    if (authEmulator) connectAuthEmulator(this.auth, `http://${authEmulator}`, { disableWarnings: true })
  }

  /** The ID token, renewed when it is about to expire; empty while nothing is signed in. */
  token(): Promise<string> {
    return this.auth.currentUser?.getIdToken() ?? Promise.resolve('')
  }

  /** Becomes who the API says: its custom token carries tenant and role, or the share. */
  async become(token: string): Promise<void> {
    await signInWithCustomToken(this.auth, token)
    // Firestore is told in a task of its own; a listener that is opened before would be refused.
    await new Promise((done) => window.setTimeout(done))
  }

  /** The ID token of the account with this password. */
  async password(email: string, password: string): Promise<string> {
    return (await signInWithEmailAndPassword(this.auth, email, password)).user.getIdToken()
  }

  /** Sends a link that leads back to `address`. */
  sendLink(email: string, address: string): Promise<void> {
    return sendSignInLinkToEmail(this.auth, email, { url: address, handleCodeInApp: true })
  }

  isLink(address: string): boolean {
    return isSignInWithEmailLink(this.auth, address)
  }

  async link(email: string, address: string): Promise<string> {
    return (await signInWithEmailLink(this.auth, email, address)).user.getIdToken()
  }

  /** `provider`: "google", or an OIDC provider's id, "oidc.NAME". */
  async popup(provider: string): Promise<string> {
    const made: AuthProvider = provider === 'google' ? new GoogleAuthProvider() : new OAuthProvider(provider)
    return (await signInWithPopup(this.auth, made, browserPopupRedirectResolver)).user.getIdToken()
  }

  out(): Promise<void> {
    return signOut(this.auth)
  }
}
