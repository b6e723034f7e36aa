/**
 * Which operation a key allows in which state: the matrix, as data.
 *
 * The engine asks this table, `transition` asks this table, and the documentation prints it. An operation that no
 * key state can stop has a row all the same; one that is about no existing key has none.
 *
 * @spec KMS key-states, table and notes
 */

import type { KeyStateName } from './state.ts'

/** Why a state refuses. */
export type StateRefusal =
  | 'Creating'
  | 'Disabled'
  | 'PendingDeletion'
  | 'PendingImport'
  | 'PendingReplicaDeletion'
  | 'Unavailable'
  | 'Updating'
  | 'NotPendingDeletion'
  /** Keys in this state have their material from where the operation has no business. */
  | 'Origin'
  /** The same for a key that imports no material; for one that does, the state itself. */
  | 'OriginOrState'

export type Verdict = 'ok' | StateRefusal

export type PermitRow = Readonly<Record<KeyStateName, Verdict>>

/** In every state. */
const ALWAYS: PermitRow = {
  Creating: 'ok',
  Enabled: 'ok',
  Disabled: 'ok',
  PendingDeletion: 'ok',
  PendingImport: 'ok',
  PendingReplicaDeletion: 'ok',
  Unavailable: 'ok',
  Updating: 'ok',
}
/** Manages a key that is to live on. */
const WHILE_LIVING: PermitRow = {
  ...ALWAYS,
  PendingDeletion: 'PendingDeletion',
  PendingReplicaDeletion: 'PendingReplicaDeletion',
}
/** Uses the key: only while it is enabled, and while its Region changes. */
const IN_USE: PermitRow = {
  ...WHILE_LIVING,
  Creating: 'Creating',
  Disabled: 'Disabled',
  PendingImport: 'PendingImport',
  Unavailable: 'Unavailable',
}
/** Switches a key on or off. The switch of a key whose store is disconnected is seen when it is connected again. */
const SWITCH: PermitRow = {
  ...WHILE_LIVING,
  Creating: 'Creating',
  PendingImport: 'PendingImport',
  Updating: 'Updating',
}
/** What no key in a custom key store can do. */
const NOT_IN_KEY_STORES: PermitRow = { ...IN_USE, Unavailable: 'Origin' }
/** Turns automatic rotation on or off, which imported material does not have either. */
const SCHEDULE: PermitRow = { ...NOT_IN_KEY_STORES, PendingImport: 'Origin' }
/** Brings imported material in. */
const IMPORT: PermitRow = {
  ...ALWAYS,
  Creating: 'Creating',
  PendingDeletion: 'OriginOrState',
  PendingReplicaDeletion: 'OriginOrState',
  Unavailable: 'Origin',
}

export type StatefulOperation =
  | 'CancelKeyDeletion'
  | 'CreateAlias'
  | 'CreateGrant'
  | 'Decapsulate'
  | 'Decrypt'
  | 'DeleteAlias'
  | 'DeleteImportedKeyMaterial'
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
  | 'GetKeyLastUsage'
  | 'GetKeyPolicy'
  | 'GetKeyRotationStatus'
  | 'GetParametersForImport'
  | 'GetPublicKey'
  | 'ImportKeyMaterial'
  | 'ListAliases'
  | 'ListGrants'
  | 'ListKeyPolicies'
  | 'ListKeyRotations'
  | 'ListResourceTags'
  | 'PutKeyPolicy'
  | 'ReEncrypt'
  | 'ReplicateKey'
  | 'RetireGrant'
  | 'RevokeGrant'
  | 'RotateKeyOnDemand'
  | 'ScheduleKeyDeletion'
  | 'Sign'
  | 'TagResource'
  | 'UntagResource'
  | 'UpdateAlias'
  | 'UpdateKeyDescription'
  | 'UpdatePrimaryRegion'
  | 'Verify'
  | 'VerifyMac'

export const PERMITS: Readonly<Record<StatefulOperation, PermitRow>> = {
  CancelKeyDeletion: {
    Creating: 'NotPendingDeletion',
    Enabled: 'NotPendingDeletion',
    Disabled: 'NotPendingDeletion',
    PendingDeletion: 'ok',
    PendingImport: 'NotPendingDeletion',
    PendingReplicaDeletion: 'ok',
    Unavailable: 'NotPendingDeletion',
    Updating: 'NotPendingDeletion',
  },
  CreateAlias: WHILE_LIVING,
  CreateGrant: { ...IN_USE, Unavailable: 'ok' },
  Decapsulate: IN_USE,
  Decrypt: IN_USE,
  DeleteAlias: ALWAYS,
  DeleteImportedKeyMaterial: { ...ALWAYS, Creating: 'Creating', Unavailable: 'Origin', Updating: 'Updating' },
  DeriveSharedSecret: IN_USE,
  DescribeKey: ALWAYS,
  DisableKey: SWITCH,
  DisableKeyRotation: SCHEDULE,
  EnableKey: SWITCH,
  EnableKeyRotation: SCHEDULE,
  Encapsulate: IN_USE,
  Encrypt: IN_USE,
  GenerateDataKey: IN_USE,
  GenerateDataKeyPair: NOT_IN_KEY_STORES,
  GenerateDataKeyPairWithoutPlaintext: NOT_IN_KEY_STORES,
  GenerateDataKeyWithoutPlaintext: IN_USE,
  GenerateMac: IN_USE,
  GetKeyLastUsage: ALWAYS,
  GetKeyPolicy: ALWAYS,
  GetKeyRotationStatus: { ...ALWAYS, PendingImport: 'Origin', Unavailable: 'Origin' },
  GetParametersForImport: { ...IMPORT, Updating: 'Updating' },
  GetPublicKey: { ...IN_USE, Disabled: 'ok', PendingImport: 'ok' },
  ImportKeyMaterial: IMPORT,
  ListAliases: ALWAYS,
  ListGrants: ALWAYS,
  ListKeyPolicies: ALWAYS,
  ListKeyRotations: { ...ALWAYS, Unavailable: 'Origin' },
  ListResourceTags: ALWAYS,
  PutKeyPolicy: ALWAYS,
  ReEncrypt: IN_USE,
  ReplicateKey: { ...IN_USE, Updating: 'Updating' },
  RetireGrant: ALWAYS,
  RevokeGrant: ALWAYS,
  RotateKeyOnDemand: NOT_IN_KEY_STORES,
  ScheduleKeyDeletion: { ...WHILE_LIVING, Updating: 'Updating' },
  Sign: IN_USE,
  TagResource: WHILE_LIVING,
  UntagResource: WHILE_LIVING,
  // Asked of the key that the alias shall point to; the one it points to now may be in any state.
  UpdateAlias: WHILE_LIVING,
  UpdateKeyDescription: WHILE_LIVING,
  UpdatePrimaryRegion: IN_USE,
  Verify: IN_USE,
  VerifyMac: IN_USE,
}
