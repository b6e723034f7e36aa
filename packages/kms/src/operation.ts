/**
 * What an operation is: one row of the table that the pipeline runs and every list derives from.
 *
 * A row says what only it knows. The keys that it names are found, authorized and asked for their state and usage
 * by the pipeline, which then mints the permit without which `perform` cannot be called.
 */

import type { Hsm, KmsKeyUsage } from '@softkms/hsm'
import type { Instant } from '@softkms/lifecycle'
import type { CallingService } from './aws-service/calling-service.ts'
import type { OperationInputs, OperationName, OperationOutputs } from './generated/types.ts'
import type { GrantRecord } from './grant/grant.ts'
import type { Ids } from './ids.ts'
import type { KeyRecord } from './key/key.ts'
import type { Access, AccessQuestion } from './policy/access.ts'
import type { QuotaName } from './quota/request-rates.ts'
import type { ResourceQuotas } from './quota/resource-quotas.ts'
import type { Scope } from './scope.ts'
import type { ValidInput } from './shape/valid.ts'
import type { Store } from './store/store.ts'
import type { KeyUses } from './usage/use-recorder.ts'

/** What every handler works with. */
export interface OperationContext extends ResourceQuotas {
  /** The caller's account, in the Region that was asked. */
  readonly scope: Scope
  /** The caller's ARN. */
  readonly principal: string
  /** The AWS service that calls for the caller, or is the caller. */
  readonly calling: CallingService | undefined
  /** Whether the request is only decided, by `why`: nothing may come of it. */
  readonly isHypothetical: boolean
  /** Asks whether the caller may, beyond what the pipeline asks by itself. */
  readonly access: Access
  readonly now: Instant
  readonly hsm: Hsm
  readonly store: Store
  readonly ids: Ids
  readonly uses: KeyUses
  /** How long it takes until what happens to a multi-Region key has happened in every Region, in milliseconds. */
  readonly replicationMs: number
  /** How long a new grant counts only for requests that bring its token, in milliseconds. */
  readonly grantDelayMs: number
}

/** A key that an operation is about, and what finding it brought to light. */
export interface Target {
  readonly key: KeyRecord
  /** The grant on the key that is to be retired: leave for that is asked of the grant. */
  readonly grant?: GrantRecord
}

/** How one of an operation's keys is found, and what is asked of it. */
export interface TargetRule<Input, T extends Target> {
  /** Default: `kms:` and the operation's name. */
  readonly action?: string
  /** What the key must be for; any key will do when absent. */
  readonly usage?: KmsKeyUsage
  /** Set when the request may leave it to the ciphertext to name the key. */
  isNamedByCiphertext?(input: Input): boolean
  /** @throws KmsError when there is no such key */
  resolve(input: Input, context: OperationContext, action: string): Promise<T>
}

export type Targets = Readonly<Record<string, Target>>

/** Of an operation that is about no existing key. */
export type NoTargets = Readonly<Record<string, never>>

/**
 * Leave to perform one operation on the keys it holds. Only the pipeline makes one, after every check has passed.
 *
 * A class that is never constructed: a copy of a permit with other keys in it lacks the protected member, and so does
 * not compile as one.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it keeps permits for two operations apart
export declare abstract class Permit<Name extends OperationName, T extends Targets> {
  protected readonly operation: Name
  readonly targets: Readonly<T>
}

/**
 * The allowance that a request draws on: one by name, `cryptography` for the one of the key's spec, or one that the
 * request itself tells.
 */
export type QuotaRule<Input> = QuotaName | 'cryptography' | ((input: Input) => QuotaName)

export interface Operation<Name extends OperationName, T extends Targets> {
  readonly name: Name
  readonly quota: QuotaRule<ValidInput<Name>>
  readonly isReadOnly: boolean
  /** Members of the request that an audit entry may show. */
  readonly audited: readonly (string & keyof OperationInputs[Name])[]
  readonly targets: { readonly [Role in keyof T]: TargetRule<ValidInput<Name>, T[Role]> }

  /**
   * Refuses what the model does not know to be wrong, before any key is looked up.
   *
   * @param scope the caller's account, in the Region that was asked
   * @throws KmsError
   */
  check?(input: ValidInput<Name>, scope: Scope): void

  /**
   * What the caller must be allowed to do besides what it does to the targets. An operation without targets and
   * without this asks for its own action, about nothing.
   */
  asks?(input: ValidInput<Name>, context: OperationContext, targets: Readonly<T>): Promise<readonly AccessQuestion[]>

  /** @throws KmsError */
  perform(permit: Permit<Name, T>, input: ValidInput<Name>, context: OperationContext): Promise<OperationOutputs[Name]>
}

/** A row whose operation is not known: what the pipeline runs. */
export interface AnyOperation {
  readonly name: OperationName
  readonly quota: QuotaRule<never>
  readonly isReadOnly: boolean
  readonly audited: readonly string[]
  readonly targets: Readonly<Record<string, TargetRule<object, Target>>>
  check?(input: object, scope: Scope): void
  asks?(input: object, context: OperationContext, targets: Targets): Promise<readonly AccessQuestion[]>
  perform(permit: Permit<OperationName, Targets>, input: object, context: OperationContext): Promise<object>
}
