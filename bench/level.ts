/** What a level of the bench is given, and what it tells. */

import type { ProviderName } from '../packages/cli/src/providers.ts'
import type { Pace } from './measure.ts'
import type { Contender, Row } from './row.ts'

export interface LevelTask {
  readonly pace: Pace
  /** Which of our own are measured. */
  readonly providers: readonly ProviderName[]
  /** Operations whose name holds this are measured; all of them when it is empty. */
  readonly only: string
  /** Is told once who is measured, perhaps several times each. */
  readonly begin: (contenders: readonly Contender[]) => void
  /** Is told which operation comes next, and how far this is. */
  readonly progress: (text: string) => void
  /** Is told the rows of one operation as soon as they are there. */
  readonly report: (rows: readonly Row[]) => void
  /** Is told what is left out, and why. */
  readonly note: (text: string) => void
}

export type LevelBench = (task: LevelTask) => Promise<void>
