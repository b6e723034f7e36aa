/** The tree as it is passes the checks that are functions of the tree. Each has a test that breaks it in test/tools/. */
import { expect, test } from 'vitest'
import { checkDocs } from '../../tools/check-docs.ts'
import { checkExports } from '../../tools/check-exports.ts'
import { checkImports } from '../../tools/check-imports.ts'
import { checkSize } from '../../tools/check-size.ts'
import { checkWords } from '../../tools/check-words.ts'
import { formatProblem, readTree } from '../../tools/tree.ts'

const tree = readTree()

test('the tree is the repository', () => {
  expect(tree.map((file) => file.path)).toEqual(expect.arrayContaining(['package.json', 'packages/hsm/src/index.ts']))
})

test.each([
  ['imports', checkImports],
  ['exports', checkExports],
  ['sizes', checkSize],
  ['words', checkWords],
  ['docs', checkDocs],
] as const)('%s are in order', async (_name, check) => {
  expect((await check(tree)).map(formatProblem)).toEqual([])
})
