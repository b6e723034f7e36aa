import { expect, test } from 'vitest'
import { formatTable } from '../../tools/docs/table.ts'

test('columns are as wide as their widest cell, and at least three', () => {
  expect(formatTable(['Operation', 'A'], [['Decrypt', 'yes'], ['Encrypt']])).toBe(
    ['| Operation | A   |', '| --------- | --- |', '| Decrypt   | yes |', '| Encrypt   |     |'].join('\n'),
  )
})
