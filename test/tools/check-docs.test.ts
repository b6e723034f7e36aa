import { expect, test } from 'vitest'
import { checkGenerated, checkIndex, checkLinks, checkNamedFiles } from '../../tools/check-docs.ts'
import { treeOf } from './tree.ts'

const TREE = {
  'README.md': '# softkms\n\n[blob](docs/blob.md#the-layout), [docs](docs/), [web](https://example.com)',
  'docs/README.md': '[blob](blob.md)',
  'docs/blob.md': '# Blob\n\n## The layout\n\n[up](../README.md) [here](#blob)',
}

test('links that lead somewhere are in order', () => {
  expect(checkLinks(treeOf(TREE))).toEqual([])
})

test.each([
  ['[gone](docs/gone.md)', "links to 'docs/gone.md', which is not there"],
  ['![gone](logo.svg)', "links to 'logo.svg', which is not there"],
  ['[gone]: docs/gone.md', "links to 'docs/gone.md', which is not there"],
  ['[b](docs/blob.md#colours)', "links to 'docs/blob.md#colours', but that page has no such heading"],
  ['[outside](../../elsewhere.md)', "links to '../../elsewhere.md', which is not there"],
])('%s is refused', (text, message) => {
  expect(checkLinks(treeOf({ ...TREE, 'NEWS.md': `\n${text}` }))).toEqual([{ path: 'NEWS.md', line: 2, message }])
})

test('a link inside a fence or a code span is no link', () => {
  expect(checkLinks(treeOf({ 'a.md': '```md\n[gone](gone.md)\n```\n`[gone](gone.md)`' }))).toEqual([])
})

test('a file or folder that is named must be there', () => {
  const tree = { ...TREE, 'packages/kms/src/kms.ts': '' }
  const problemsOf = (text: string): number => checkNamedFiles(treeOf({ ...tree, 'NEWS.md': text })).length
  expect(
    problemsOf('`src/kms.ts`, `packages/kms/src/kms.ts`, `packages/kms/`, `utils.ts`, `a/<name>.ts`, `AES/GCM`'),
  ).toBe(0)
  expect(problemsOf('`src/gone.ts`')).toBe(1)
  expect(problemsOf('`packages/gone/`')).toBe(1)
  expect(problemsOf('`s/kms.ts`')).toBe(1)
})

test('a page that the index leaves out is refused', () => {
  expect(checkIndex(treeOf(TREE))).toEqual([])
  expect(checkIndex(treeOf({ ...TREE, 'docs/adr/0001-x.md': '' }))).toEqual([
    { path: 'docs/adr/0001-x.md', message: 'is not listed in docs/README.md' },
  ])
})

test('a generated page that is not what the generator writes is refused', async () => {
  const problem = { path: 'docs/table.md', message: 'is out of date: run `pnpm run docs`' }
  const generated = [{ file: 'docs/table.md', render: () => 'new' }]
  expect(await checkGenerated(treeOf({ 'docs/table.md': 'new' }), generated)).toEqual([])
  expect(await checkGenerated(treeOf({ 'docs/table.md': 'old' }), generated)).toEqual([problem])
  expect(await checkGenerated(treeOf({}), generated)).toEqual([problem])
})
