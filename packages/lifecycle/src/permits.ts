/**
 * Which operation a key allows in which state: the matrix, as data.
 *
 * The engine asks this table, `transition` asks this table, and the documentation prints it. An operation that no
 * key state can stop has no row.
 *
 * @spec KMS key-states, table and notes 1, 3, 4, 10
 */

import type { KeyStateName } from './state.ts'

/** Why a state refuses. */
export type StateRefusal = 'Disabled' | 'PendingDeletion' | 'NotPendingDeletion'

export type Verdict = 'ok' | StateRefusal

type Row = Readonly<Record<KeyStateName, Verdict>>

/** Allowed in every state. */
const ALWAYS: Row = { Enabled: 'ok', Disabled: 'ok', PendingDeletion: 'ok' }
/** Uses the key, or changes how it will be used: only while it is enabled. */
const WHILE_ENABLED: Row = { Enabled: 'ok', Disabled: 'Disabled', PendingDeletion: 'PendingDeletion' }
/** Manages a key that is to live on. */
const WHILE_LIVING: Row = { Enabled: 'ok', Disabled: 'ok', PendingDeletion: 'PendingDeletion' }

export type StatefulOperation =
  | 'CancelKeyDeletion'
  | 'CreateAlias'
  | 'Decapsulate'
  | 'Decrypt'
  | 'DeleteAlias'
  | 'DeriveSharedSecret'
  | 'DescribeKey'
  | 'DisableKey'
  | 'DisableKeyRotation'
  | 'EnableKey'
  | 'EnableKeyRotation'
  | 'Encapsulate'
  | 'Encrypt'
  | 'GenerateDataKey'
  | 'GenerateDataKeyPair'
  | 'GenerateDataKeyPairWithoutPlaintext'
  | 'GenerateDataKeyWithoutPlaintext'
  | 'GenerateMac'
  | 'GetKeyPolicy'
  | 'GetKeyRotationStatus'
  | 'GetPublicKey'
  | 'ListAliases'
  | 'ListKeyPolicies'
  | 'ListKeyRotations'
  | 'ListResourceTags'
  | 'PutKeyPolicy'
  | 'ReEncrypt'
  | 'RotateKeyOnDemand'
  | 'ScheduleKeyDeletion'
  | 'Sign'
  | 'TagResource'
  | 'UntagResource'
  | 'UpdateAlias'
  | 'UpdateKeyDescription'
  | 'Verify'
  | 'VerifyMac'

export const PERMITS: Readonly<Record<StatefulOperation, Row>> = {
  CancelKeyDeletion: { Enabled: 'NotPendingDeletion', Disabled: 'NotPendingDeletion', PendingDeletion: 'ok' },
  CreateAlias: WHILE_LIVING,
  Decapsulate: WHILE_ENABLED,
  Decrypt: WHILE_ENABLED,
  DeleteAlias: ALWAYS,
  DeriveSharedSecret: WHILE_ENABLED,
  DescribeKey: ALWAYS,
  DisableKey: WHILE_LIVING,
  DisableKeyRotation: WHILE_ENABLED,
  EnableKey: WHILE_LIVING,
  EnableKeyRotation: WHILE_ENABLED,
  Encapsulate: WHILE_ENABLED,
  Encrypt: WHILE_ENABLED,
  GenerateDataKey: WHILE_ENABLED,
  GenerateDataKeyPair: WHILE_ENABLED,
  GenerateDataKeyPairWithoutPlaintext: WHILE_ENABLED,
  GenerateDataKeyWithoutPlaintext: WHILE_ENABLED,
  GenerateMac: WHILE_ENABLED,
  GetKeyPolicy: ALWAYS,
  GetKeyRotationStatus: ALWAYS,
  GetPublicKey: WHILE_LIVING,
  ListAliases: ALWAYS,
  ListKeyPolicies: ALWAYS,
  ListKeyRotations: ALWAYS,
  ListResourceTags: ALWAYS,
  PutKeyPolicy: ALWAYS,
  ReEncrypt: WHILE_ENABLED,
  RotateKeyOnDemand: WHILE_ENABLED,
  ScheduleKeyDeletion: WHILE_LIVING,
  Sign: WHILE_ENABLED,
  TagResource: WHILE_LIVING,
  UntagResource: WHILE_LIVING,
  // Asked of the key that the alias shall point to; the one it points to now may be in any state.
  UpdateAlias: WHILE_LIVING,
  UpdateKeyDescription: WHILE_LIVING,
  Verify: WHILE_ENABLED,
  VerifyMac: WHILE_ENABLED,
}
