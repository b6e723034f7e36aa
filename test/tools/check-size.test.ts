import { expect, test } from 'vitest'
import { checkSize } from '../../tools/check-size.ts'
import { treeOf } from './tree.ts'

const LINES_400 = 'x\n'.repeat(400)
const LINES_401 = `${LINES_400}x`

test.each(['packages/hsm/src/a.ts', 'tools/a.ts', 'bench/a.ts', 'test/a.test.ts', 'packages/playground/src/a.tsx'])(
  '%s may have 400 lines and no more',
  (path) => {
    expect(checkSize(treeOf({ [path]: LINES_400 }))).toEqual([])
    expect(checkSize(treeOf({ [path]: LINES_401 }))).toEqual([{ path, message: 'has 401 lines; 400 is the most' }])
  },
)

test('generated code and other kinds of file may be long', () => {
  expect(checkSize(treeOf({ 'packages/kms/src/generated/shapes.ts': LINES_401, 'docs/blob.md': LINES_401 }))).toEqual(
    [],
  )
})
