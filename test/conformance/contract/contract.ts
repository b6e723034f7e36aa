/**
 * What a contract of an operation is: a request that succeeds, and for each member and each error a case that shows it.
 *
 * Contracts are data, so that docs/coverage.md is printed from the very cases that run, and a gap is found without
 * running any.
 */
import type { KMS } from '@aws-sdk/client-kms'
import type { KmsErrorCode, OperationInputs, OperationName } from '@softkms/kms'
import type { CreateKmsOptions } from 'softkms'
import type { World } from './world.ts'

/** What a world is given to start with. */
export type WorldOptions = Omit<CreateKmsOptions, 'account' | 'region' | 'store' | 'clock' | 'hsm' | 'ids'>

/** Not there yet: with what it comes. */
export interface Later {
  readonly later: string
}

/** In AWS's model, and yet no request leads there: with the reason. */
export interface Never {
  readonly never: string
}

/** Shows what a member does. */
export interface MemberCase {
  /** What the member does: the end of a sentence that begins with its name. */
  readonly does: string
  readonly options?: WorldOptions
  /** Fails when requests for the operation lack the member; it is run so, too, to prove that. */
  readonly test: (world: World) => Promise<void>
}

/** A request that is refused. */
export interface Refused<Input> {
  readonly input: Input
  /** Default: the SDK for the account's root. */
  readonly by?: KMS
  /** The text to the letter; left out when AWS sends none. */
  readonly message?: string
}

export interface ErrorCase<Input = never> {
  readonly when: string
  readonly options?: WorldOptions
  readonly provoke: (world: World) => Promise<Refused<Input>>
}

export interface Contract<Name extends OperationName> {
  readonly operation: Name
  /** A request that succeeds in a fresh world, unless `later` says with what it will. */
  readonly request: (world: World) => Promise<OperationInputs[Name]>
  readonly later?: string
  /** By path, as `listMembers` writes it. */
  readonly members: Readonly<Record<string, MemberCase | Later>>
  /**
   * Besides those that every operation has, and those that follow from the key that it names. What is here is shown in
   * addition to what follows; `later` and `never` take its place.
   */
  readonly errors: {
    readonly [Code in KmsErrorCode]?:
      | ErrorCase<OperationInputs[Name]>
      | readonly ErrorCase<OperationInputs[Name]>[]
      | Later
      | Never
  }
}

/** A contract whose operation is not known: what lists and runners work with. */
export interface AnyContract {
  readonly operation: OperationName
  readonly request: (world: World) => Promise<object>
  readonly later?: string
  readonly members: Readonly<Record<string, MemberCase | Later>>
  readonly errors: {
    readonly [Code in KmsErrorCode]?: ErrorCase<object> | readonly ErrorCase<object>[] | Later | Never
  }
}

export function isLater(entry: object): entry is Later {
  return 'later' in entry
}

export function isNever(entry: object): entry is Never {
  return 'never' in entry
}
