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
    case 'PendingDeletion':
      return new KmsError('KMSInvalidStateException', `${arn} is pending deletion.`)
    case 'NotPendingDeletion':
      return new KmsError('KMSInvalidStateException', `${arn} is not pending deletion.`)
    case 'OnDemandRotationLimit':
      return new KmsError(
        'LimitExceededException',
        'The on-demand rotations limit has been reached for the given keyId. ' +
          `No more on-demand rotations can be performed for this key: ${arn}`,
      )
    case 'NotDue':
      // Only the engine's own deadlines can come too early; no request leads here.
      return new KmsError('KMSInternalException')
    default:
      return reason satisfies never
  }
}

function isStateful(operation: string): operation is StatefulOperation {
  return Object.hasOwn(PERMITS, operation)
}
