/**
 * The table of operations and states, cell by cell as AWS's documentation has it.
 *
 * @covers KMS key-states, table and notes
 */
import { PERMITS, type Verdict } from '@softkms/lifecycle'
import { expect, test } from 'vitest'
import { DOCUMENTED_CELLS, type DocumentedCell } from '../support/documented-states.ts'
import { KEY_STATES } from '../support/key-lives.ts'

/** What a cell means, of a symmetric key in the state. Note 2 is never seen, and note 3 in its place. */
function meaningOf({ operation, state, cell }: DocumentedCell): Verdict {
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
    // No key that the operation is for can be in this state. One of another kind must not slip through; what it is told
    // is what an operation on keys of a custom key store would tell it.
    case '–':
      return operation === 'DeleteImportedKeyMaterial' ? 'Origin' : 'Unavailable'
    default:
      throw new Error(`no meaning for '${cell}'`)
  }
}

test.each(DOCUMENTED_CELLS)('$operation of a key that is $state: $cell', ({ operation, state, cell }) => {
  expect(PERMITS[operation][state]).toBe(meaningOf({ operation, state, cell }))
})

test('there are no operations but these, and no states', () => {
  expect(Object.keys(PERMITS).toSorted()).toEqual(
    [...new Set(DOCUMENTED_CELLS.map(({ operation }) => operation))].toSorted(),
  )
  for (const row of Object.values(PERMITS)) expect(Object.keys(row).toSorted()).toEqual(KEY_STATES.toSorted())
})
