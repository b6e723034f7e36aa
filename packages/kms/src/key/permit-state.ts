/**
 * A key's refusals in AWS's words: its state, its usage, and what its life does not allow.
 *
 * @spec KMS key-states, notes; wire §4
 */

import type { KmsKeyUsage } from '@softkms/hsm'
import { PERMITS, type Refusal, type StatefulOperation } from '@softkms/lifecycle'
import { KmsError } from '../errors.ts'
import { type KeyRecord, arnOf } from './key.ts'

/** @throws KmsError `DisabledException` or `KMSInvalidStateException` when the state does not allow the operation */
export function assertStateAllows(key: KeyRecord, operation: string): void {
  if (!isStateful(operation)) return
  const verdict = PERMITS[operation][key.life.state.name]
  if (verdict !== 'ok') throw refusalOf(key, verdict)
}

/** @throws KmsError `InvalidKeyUsageException` when the key is for something else */
export function assertUsage(key: KeyRecord, usage: KmsKeyUsage, operation: string): void {
  const held: string = key.keyUsage
  if (held === usage) return
  throw new KmsError(
    'InvalidKeyUsageException',
    `${arnOf(key)} key usage is ${held} which is not valid for ${operation}.`,
  )
}

export function refusalOf(key: KeyRecord, reason: Refusal): KmsError {
  const arn = arnOf(key)
  switch (reason) {
    case 'Disabled':
      return new KmsError('DisabledException', `${arn} is disabled.`)
    case 'Creating':
    case 'NotPendingDeletion':
    case 'PendingDeletion':
    case 'PendingImport':
    case 'PendingReplicaDeletion':
    case 'Unavailable':
    case 'Updating':
      return invalidState(key, reason)
    case 'Origin':
      return originNotValid(key)
    case 'OriginOrState':
      if (key.origin !== 'EXTERNAL') return originNotValid(key)
      return invalidState(
        key,
        key.life.state.name === 'PendingReplicaDeletion' ? 'PendingReplicaDeletion' : 'PendingDeletion',
      )
    case 'OnDemandRotationLimit':
      return new KmsError(
        'LimitExceededException',
        'The on-demand rotations limit has been reached for the given keyId. ' +
          `No more on-demand rotations can be performed for this key: ${arn}`,
      )
    case 'RotationInProgress':
      return new KmsError('ConflictException', `A rotation of ${arn} is in progress.`)
    case 'NoMaterialPending':
      return new KmsError('KMSInvalidStateException', `No available key material pending rotation for the key: ${arn}.`)
    case 'AnotherMaterialPending':
    case 'MaterialNotNew':
    case 'UnknownMaterial':
      // Which material was meant only the operation can say; it asks the life before it gives the command.
      return new KmsError('IncorrectKeyMaterialException', `The key material is not the one that ${arn} expects.`)
    case 'NotPrimary':
      return new KmsError('UnsupportedOperationException', `${arn} is not a multi-region primary key.`)
    case 'ReplicaExists':
      return new KmsError('AlreadyExistsException', `${arn} has a replica in this Region already.`)
    case 'UnknownReplica':
      return new KmsError('NotFoundException', `${arn} has no replica in this Region.`)
    case 'NotDue':
      // Only the engine's own deadlines can come too early; no request leads here.
      return new KmsError('KMSInternalException')
    default:
      return reason satisfies never
  }
}

/** @spec KMS key-states, notes 6, 7 and 9 */
export function originNotValid(key: KeyRecord): KmsError {
  return new KmsError(
    'UnsupportedOperationException',
    `${arnOf(key)} origin is ${key.origin} which is not valid for this operation.`,
  )
}

/** What a state is in a refusal, in AWS's words. */
const STATE_WORDS = {
  Creating: 'creating',
  NotPendingDeletion: 'not pending deletion',
  PendingDeletion: 'pending deletion',
  PendingImport: 'pending import',
  PendingReplicaDeletion: 'pending replica deletion',
  Unavailable: 'unavailable',
  Updating: 'updating',
} as const

function invalidState(key: KeyRecord, state: keyof typeof STATE_WORDS): KmsError {
  return new KmsError('KMSInvalidStateException', `${arnOf(key)} is ${STATE_WORDS[state]}.`)
}

function isStateful(operation: string): operation is StatefulOperation {
  return Object.hasOwn(PERMITS, operation)
}
