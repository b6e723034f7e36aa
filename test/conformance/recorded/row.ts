/** A message that was recorded from AWS, and what brings it about here. */
import type { Scene } from './scene.ts'

export interface Recorded {
  /** The exception. */
  readonly name: string
  readonly when: string
  /** Left out where AWS sends none. */
  readonly text?: string | ((scene: Scene) => string | RegExp)
  readonly attempt: (scene: Scene) => Promise<unknown>
}

/** A recorded message that no request brings about here. */
export interface NotAnswered {
  readonly name: string
  readonly text: string
  readonly why: string
}
