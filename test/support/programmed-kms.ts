/**
 * A small, real `KmsService` for tests of the doors: it runs the functions it is given, one per operation, and
 * remembers who called. An operation it was not given does not exist.
 */
import { type Caller, KmsError, type KmsService } from '@softkms/kms'

export type Operations = { readonly [name: string]: (input: never, caller: Caller) => object | Promise<object> }

export interface Call {
  readonly operation: string
  readonly input: unknown
  readonly caller: Caller
}

export interface ProgrammedKms extends KmsService {
  /** What got as far as the engine. */
  readonly calls: Call[]
  /** How often it was told to perform what is due. */
  readonly timesPerformed: number
}

export function createProgrammedKms(operations: Operations = {}): ProgrammedKms {
  const calls: Call[] = []
  let timesPerformed = 0
  return {
    calls,
    get timesPerformed() {
      return timesPerformed
    },
    async performDue() {
      timesPerformed += 1
    },
    defaults: { account: '000000000000', region: 'us-east-1' },
    async execute(operation, input, caller) {
      calls.push({ operation, input, caller })
      const run = operations[operation]
      if (run === undefined) throw new KmsError('UnknownOperationException')
      return run(input as never, caller)
    },
  }
}
