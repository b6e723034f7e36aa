/** One operation to be timed: it makes its key when it is prepared, and is performed and checked before anybody times it. */

import { type KeySpec, type KmsKeyUsage, equalBytes } from '@softkms/hsm'
import type { Rates } from './request-rates.ts'

/** A request's or an answer's members, with AWS's names; blobs are `Uint8Array`. */
export type Members = Readonly<Record<string, unknown>>
export type CallKms = (operation: string, input: Members) => Promise<Members>

/** Gives the id of a key, the same one each time. */
export type FindKey = (spec: KeySpec, usage: KmsKeyUsage) => Promise<string>

/** A key that all operations share, made when the first of them is prepared. */
export interface BenchedKey {
  readonly spec: KeySpec
  readonly find: () => Promise<string>
}

export interface BenchedOperation extends Rates {
  /** Such as `Encrypt 4096 B` or `Sign RSA_2048`. */
  readonly name: string
  /** How many requests one run makes, where only several together are representative. Default: one. */
  readonly operations?: number
  /**
   * Makes ready and performs the operation once.
   *
   * @returns what is timed
   * @throws WrongAnswerError when the answer is wrong
   */
  readonly prepare: () => Promise<() => Promise<unknown>>
}

/** The KMS answers, and what it says is not so: there is nothing to be timed. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError'

  constructor(operation: string) {
    super(`${operation}: the answer is wrong, so it is not timed`)
  }
}

/** What every operation with an encryption context is given. */
export const EncryptionContext = { purpose: 'bench' }

/** Of 32 bytes, as long as a data key or a digest. */
export const MESSAGE: Uint8Array = new Uint8Array(32).fill(7)

export interface Prepared {
  readonly run: () => Promise<Members>
  readonly isRight: (answer: Members) => boolean | Promise<boolean>
}

export function benched(name: string, rates: Rates, prepare: () => Promise<Prepared>): BenchedOperation {
  return {
    name,
    ...rates,
    async prepare() {
      const { run, isRight } = await prepare()
      if (!(await isRight(await run()))) throw new WrongAnswerError(name)
      return run
    },
  }
}

/** Whether both are bytes, and the same. */
export function areEqual(actual: unknown, expected: unknown): boolean {
  return actual instanceof Uint8Array && expected instanceof Uint8Array && equalBytes(actual, expected)
}
