/**
 * The table of operations and states, cell by cell as AWS's documentation has it.
 *
 * @covers KMS key-states, table and notes 1, 2, 3, 4, 7, 10
 */
import { PERMITS, type StatefulOperation, type Verdict } from '@softkms/lifecycle'
import { expect, test } from 'vitest'

/**
 * Columns Enabled, Disabled, PendingDeletion, as the documentation writes them: `ok` succeeds, `c` succeeds under
 * conditions that the state has no part in, `x` fails with the note of that number.
 */
const DOCUMENTED: Readonly<Record<StatefulOperation, readonly [string, string, string]>> = {
  CancelKeyDeletion: ['x4', 'x4', 'ok'],
  CreateAlias: ['ok', 'ok', 'x3'],
  Decapsulate: ['ok', 'x1', 'x2/3'],
  Decrypt: ['ok', 'x1', 'x2/3'],
  DeleteAlias: ['ok', 'ok', 'ok'],
  DeriveSharedSecret: ['ok', 'x1', 'x2/3'],
  DescribeKey: ['ok', 'ok', 'ok'],
  DisableKey: ['ok', 'ok', 'x3'],
  DisableKeyRotation: ['c7', 'x1 or 7', 'x3 or 7'],
  EnableKey: ['ok', 'ok', 'x3'],
  EnableKeyRotation: ['c7', 'x1 or 7', 'x3 or 7'],
  Encapsulate: ['ok', 'x1', 'x2/3'],
  Encrypt: ['ok', 'x1', 'x2/3'],
  GenerateDataKey: ['ok', 'x1', 'x2/3'],
  GenerateDataKeyPair: ['ok', 'x1', 'x2/3'],
  GenerateDataKeyPairWithoutPlaintext: ['ok', 'x1', 'x2/3'],
  GenerateDataKeyWithoutPlaintext: ['ok', 'x1', 'x2/3'],
  GenerateMac: ['ok', 'x1', 'x2/3'],
  GetKeyPolicy: ['ok', 'ok', 'ok'],
  GetKeyRotationStatus: ['c7', 'c7', 'c7'],
  GetPublicKey: ['ok', 'ok', 'x2/3'],
  ListAliases: ['ok', 'ok', 'ok'],
  ListKeyPolicies: ['ok', 'ok', 'ok'],
  ListKeyRotations: ['c7', 'c7', 'c7'],
  ListResourceTags: ['ok', 'ok', 'ok'],
  PutKeyPolicy: ['ok', 'ok', 'ok'],
  ReEncrypt: ['ok', 'x1', 'x2/3'],
  RotateKeyOnDemand: ['c7', 'x1 or 7', 'x3 or 7'],
  ScheduleKeyDeletion: ['ok', 'ok', 'x3'],
  Sign: ['ok', 'x1', 'x2/3'],
  TagResource: ['ok', 'ok', 'x3'],
  UntagResource: ['ok', 'ok', 'x3'],
  UpdateAlias: ['ok', 'ok', 'c10'],
  UpdateKeyDescription: ['ok', 'ok', 'x3'],
  Verify: ['ok', 'x1', 'x2/3'],
  VerifyMac: ['ok', 'x1', 'x2/3'],
}

/** What each cell means for a symmetric key that AWS generated. */
const MEANING: Readonly<Record<string, Verdict>> = {
  ok: 'ok',
  c7: 'ok',
  x1: 'Disabled',
  'x1 or 7': 'Disabled',
  'x2/3': 'PendingDeletion',
  x3: 'PendingDeletion',
  'x3 or 7': 'PendingDeletion',
  x4: 'NotPendingDeletion',
  // Note 10 allows it of the key that the alias points to now, and forbids it of the one that it shall point to, which
  // is the one that the table is asked about.
  c10: 'PendingDeletion',
}

const CELLS = Object.entries(DOCUMENTED).flatMap(([operation, [enabled, disabled, pendingDeletion]]) => [
  { operation: operation as StatefulOperation, state: 'Enabled' as const, cell: enabled },
  { operation: operation as StatefulOperation, state: 'Disabled' as const, cell: disabled },
  { operation: operation as StatefulOperation, state: 'PendingDeletion' as const, cell: pendingDeletion },
])

test.each(CELLS)('$operation of a key that is $state: $cell', ({ operation, state, cell }) => {
  expect(PERMITS[operation][state]).toBe(MEANING[cell])
})

test('there are no operations but these, and no states', () => {
  expect(Object.keys(PERMITS).toSorted()).toEqual(Object.keys(DOCUMENTED).toSorted())
  for (const row of Object.values(PERMITS)) {
    expect(Object.keys(row).toSorted()).toEqual(['Disabled', 'Enabled', 'PendingDeletion'])
  }
})
