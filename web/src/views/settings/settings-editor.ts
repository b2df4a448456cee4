import type { Body } from '../../data/api/answers'
import { type Api, ApiError } from '../../data/api/api'
import {
  type AbleProvider,
  type Configuration,
  changes,
  count,
  fieldOf,
  over,
  type Patch,
  patched,
  type Settings,
} from '../../data/settings'

/** Settings as the API takes them. The editor treats all kinds alike, so that its keys are any strings. */
type Wanted = NonNullable<Body<'patch', '/streams/{stream}'>['settings']>

/**
 * Settings that are being edited: those of the deployment, or of one stream over them. Fires `change`. Only what was
 * changed here is sent, so that what another operator has set meanwhile stays.
 */
export class SettingsEditor extends EventTarget {
  configuration: Configuration | null = null
  providers: readonly AbleProvider[] = []
  /** Settings as stored, and as edited. */
  stored: Settings | null = null
  own: Settings | null = null
  working = false
  problem = ''
  /** The refused setting; empty if the problem concerns none. */
  field = ''
  private conflict = false

  constructor(
    private readonly api: Api,
    /** Empty for the deployment's settings. */
    readonly stream: string,
  ) {
    super()
  }

  /** The settings that apply where none is set here. */
  get base(): Settings | null {
    const { configuration } = this
    if (!configuration) return null
    return this.stream ? over(configuration.config, configuration.defaults) : configuration.defaults
  }

  get patch(): Patch {
    return this.stored && this.own ? changes(this.stored, this.own) : {}
  }

  get changed(): number {
    return count(this.patch)
  }

  /** Reads what is stored, and keeps what was changed here. */
  load(): Promise<boolean> {
    return this.run(async () => {
      const { patch } = this
      const [configuration, { providers }] = await Promise.all([
        this.api.get<'/config/analysis'>('/config/analysis'),
        this.api.get<'/providers'>('/providers'),
      ])
      this.configuration = configuration
      this.providers = providers
      this.keep(this.stream ? await this.ofStream() : configuration.config, patch)
    })
  }

  edit(own: Settings): void {
    this.own = own
    this.emit()
  }

  discard(): void {
    this.own = this.stored
    this.problem = ''
    this.field = ''
    this.emit()
  }

  /** Stores the changes. Returns whether they were stored. */
  async save(): Promise<boolean> {
    const { patch } = this
    const saved = await this.run(async () => {
      if (this.stream) this.keep(await this.sendToStream(patch), {})
      else this.keep((await this.api.patch<'/config/analysis'>('/config/analysis', patch)).config, {})
    })
    if (!saved && this.conflict) {
      const { problem } = this
      if (await this.load())
        this.problem = `${problem}. These are the current settings, with your changes on top: save again.`
      this.emit()
    }
    return saved
  }

  private async ofStream(): Promise<Settings> {
    return (await this.api.get<'/streams/{stream}'>(this.path)).stream.settings
  }

  /** A stream's settings are replaced as a whole: the newest are read first. */
  private async sendToStream(patch: Patch): Promise<Settings> {
    const settings = patched(await this.ofStream(), patch)
    return (await this.api.patch<'/streams/{stream}'>(this.path, { settings: settings as Wanted })).stream.settings
  }

  private get path(): string {
    return `/streams/${encodeURIComponent(this.stream)}`
  }

  private keep(stored: Settings, patch: Patch): void {
    this.stored = stored
    this.own = patched(stored, patch)
    if (!this.stream && this.configuration) this.configuration = { ...this.configuration, config: stored }
  }

  private async run(request: () => Promise<void>): Promise<boolean> {
    this.working = true
    this.problem = ''
    this.field = ''
    this.conflict = false
    this.emit()
    try {
      await request()
      return true
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      this.problem = error.message
      this.field = error.status === 400 ? fieldOf(error.message) : ''
      this.conflict = error.status === 409
      return false
    } finally {
      this.working = false
      this.emit()
    }
  }

  private emit(): void {
    this.dispatchEvent(new Event('change'))
  }
}
