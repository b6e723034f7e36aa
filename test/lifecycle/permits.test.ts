/**
 * The table of operations and states, cell by cell as AWS's documentation has it.
 *
 * @covers KMS key-states, table and notes
 */
import { type KeyStateName, PERMITS, type StatefulOperation, type Verdict } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { KEY_STATES } from '../support/key-lives.ts'

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

/** What a cell means, of a symmetric key in the state. Note 2 is never seen, and note 3 in its place. */
function meaningOf(cell: string, state: KeyStateName): Verdict {
  switch (cell) {
    case 'ok':
    case 'c7':
    case 'c9':
    // The switch of a key whose store is disconnected is seen when it is connected again.
    case 'c12':
      return 'ok'
    case 'x1':
    case 'x1 or 7':
      return 'Disabled'
    case 'x2/3':
    case 'x3':
    case 'x3 or 7':
    // Note 10 allows it of the key that the alias points to now, and forbids it of the one that it shall point to, which
    // is the one that the table is asked about.
    case 'c10':
      return state === 'PendingReplicaDeletion' ? 'PendingReplicaDeletion' : 'PendingDeletion'
    case 'x4':
    case 'x4, 13':
      return 'NotPendingDeletion'
    case 'x5':
      return 'PendingImport'
    case 'x6':
    case 'x7':
      return 'Origin'
    case 'x9':
      return state === 'Unavailable' ? 'Origin' : 'OriginOrState'
    case 'x8 or 9':
      return 'OriginOrState'
    case 'x11':
      return 'Unavailable'
    case 'x14':
      return 'Creating'
    case 'x15':
      return 'Updating'
    default:
      throw new Error(`no meaning for '${cell}'`)
  }
}

const CELLS = Object.entries(DOCUMENTED).flatMap(([operation, cells]) =>
  cells.flatMap((cell, column) =>
    (COLUMNS[column] ?? []).map((state) => ({ operation: operation as StatefulOperation, state, cell })),
  ),
)

test.each(CELLS)('$operation of a key that is $state: $cell', ({ operation, state, cell }) => {
  const verdict = PERMITS[operation][state]
  // No key that the operation is for can be in this state; one of another kind must not slip through.
  if (cell === '–') expect(verdict).not.toBe('ok')
  else expect(verdict).toBe(meaningOf(cell, state))
})

test('there are no operations but these, and no states', () => {
  expect(Object.keys(PERMITS).toSorted()).toEqual(Object.keys(DOCUMENTED).toSorted())
  for (const row of Object.values(PERMITS)) expect(Object.keys(row).toSorted()).toEqual(KEY_STATES.toSorted())
})
