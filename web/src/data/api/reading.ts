import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type { ApiError } from './api'
import { Task } from './task'

/** What the API answers to one question: asked when its element is on the page, and by `again`. */
export class Reading<T> implements ReactiveController {
  /** The newest answer; null before the first. */
  value: T | null = null
  private readonly task: Task

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly ask: () => Promise<T>,
  ) {
    this.task = new Task(host)
    host.addController(this)
  }

  /** Why the last attempt was refused. The answer before it stays. */
  get problem(): ApiError | null {
    return this.task.problem
  }

  hostConnected(): void {
    void this.again()
  }

  readonly again = async (): Promise<void> => {
    this.take((await this.task.run(this.ask)) ?? this.value)
  }

  /** A newer answer, as to a change. */
  take(value: T | null): void {
    this.value = value
    this.host.requestUpdate()
  }
}
