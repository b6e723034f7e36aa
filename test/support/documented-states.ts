/**
 * The table of operations and states as AWS's documentation has it, for every test that holds something against it.
 *
 * @covers KMS key-states, table
 */
import type { KeyStateName, StatefulOperation } from '@softkms/lifecycle'

/** The documentation's columns; what is pending deletion and what waits for its replicas share one. */
const COLUMNS = [
  ['Enabled'],
  ['Disabled'],
  ['PendingDeletion', 'PendingReplicaDeletion'],
  ['PendingImport'],
  ['Unavailable'],
  ['Creating'],
  ['Updating'],
] as const satisfies readonly (readonly KeyStateName[])[]

type Cells = readonly [string, string, string, string, string, string, string]

/**
 * As the documentation writes them: `ok` succeeds, `c` succeeds under conditions that the state has no part in, `x`
 * fails with the note of that number, `–` cannot occur.
 */
const DOCUMENTED: Readonly<Record<StatefulOperation, Cells>> = {
  CancelKeyDeletion: ['x4', 'x4', 'ok', 'x4', 'x4, 13', 'x4', 'x4'],
  CreateAlias: ['ok', 'ok', 'x3', 'ok', 'ok', 'ok', 'ok'],
  CreateGrant: ['ok', 'x1', 'x2/3', 'x5', 'ok', 'x14', 'ok'],
  Decapsulate: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  Decrypt: ['ok', 'x1', 'x2/3', 'x5', 'x11', 'x14', 'ok'],
  DeleteAlias: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  DeleteImportedKeyMaterial: ['c9', 'c9', 'c9', 'ok', '–', 'x14', 'x15'],
  DeriveSharedSecret: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  DescribeKey: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  DisableKey: ['ok', 'ok', 'x3', 'x5', 'c12', 'x14', 'x15'],
  DisableKeyRotation: ['c7', 'x1 or 7', 'x3 or 7', 'x6', 'x7', 'x14', 'c7'],
  EnableKey: ['ok', 'ok', 'x3', 'x5', 'c12', 'x14', 'x15'],
  EnableKeyRotation: ['c7', 'x1 or 7', 'x3 or 7', 'x6', 'x7', 'x14', 'c7'],
  Encapsulate: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  Encrypt: ['ok', 'x1', 'x2/3', 'x5', 'x11', 'x14', 'ok'],
  GenerateDataKey: ['ok', 'x1', 'x2/3', 'x5', 'x11', 'x14', 'ok'],
  GenerateDataKeyPair: ['ok', 'x1', 'x2/3', 'x5', 'x7', 'x14', 'ok'],
  GenerateDataKeyPairWithoutPlaintext: ['ok', 'x1', 'x2/3', 'x5', 'x7', 'x14', 'ok'],
  GenerateDataKeyWithoutPlaintext: ['ok', 'x1', 'x2/3', 'x5', 'x11', 'x14', 'ok'],
  GenerateMac: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  GetKeyLastUsage: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  GetKeyPolicy: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  GetKeyRotationStatus: ['c7', 'c7', 'c7', 'x6', 'x7', 'c7', 'c7'],
  GetParametersForImport: ['c9', 'c9', 'x8 or 9', 'ok', 'x9', 'x14', 'x15'],
  GetPublicKey: ['ok', 'ok', 'x2/3', 'ok', '–', 'x14', 'ok'],
  ImportKeyMaterial: ['c9', 'c9', 'x9', 'ok', 'x9', 'x14', 'ok'],
  ListAliases: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ListGrants: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ListKeyPolicies: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ListKeyRotations: ['c7', 'c7', 'c7', 'ok', 'x7', 'c7', 'c7'],
  ListResourceTags: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  PutKeyPolicy: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  ReEncrypt: ['ok', 'x1', 'x2/3', 'x5', 'x11', 'x14', 'ok'],
  ReplicateKey: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'x15'],
  RetireGrant: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  RevokeGrant: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
  RotateKeyOnDemand: ['c7', 'x1 or 7', 'x3 or 7', 'x5', 'x7', 'x14', 'c7'],
  ScheduleKeyDeletion: ['ok', 'ok', 'x3', 'ok', 'ok', 'ok', 'x15'],
  Sign: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  TagResource: ['ok', 'ok', 'x3', 'ok', 'ok', 'ok', 'ok'],
  UntagResource: ['ok', 'ok', 'x3', 'ok', 'ok', 'ok', 'ok'],
  UpdateAlias: ['ok', 'ok', 'c10', 'ok', 'ok', 'ok', 'ok'],
  UpdateKeyDescription: ['ok', 'ok', 'x3', 'ok', 'ok', 'ok', 'ok'],
  UpdatePrimaryRegion: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  Verify: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
  VerifyMac: ['ok', 'x1', 'x2/3', 'x5', '–', 'x14', 'ok'],
}

export interface DocumentedCell {
  readonly operation: StatefulOperation
  readonly state: KeyStateName
  readonly cell: string
}

export const DOCUMENTED_CELLS: readonly DocumentedCell[] = Object.entries(DOCUMENTED).flatMap(([operation, cells]) =>
  cells.flatMap((cell, column) =>
    (COLUMNS[column] ?? []).map((state) => ({ operation: operation as StatefulOperation, state, cell })),
  ),
)
