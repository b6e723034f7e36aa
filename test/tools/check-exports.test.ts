import { expect, test } from 'vitest'
import { checkExports } from '../../tools/check-exports.ts'
import { manifestOf, treeOf } from './tree.ts'

const EXPORTS = { '.': { source: './src/index.ts' }, './testing': { source: './src/testing.ts' } }

const WORKSPACE = {
  'packages/hsm/package.json': manifestOf('@softkms/hsm', { exports: EXPORTS }),
  'packages/hsm/README.md': 'Tests use `@softkms/hsm/testing`; everything else is in `@softkms/hsm`.',
  'packages/hsm/src/index.ts': "export { createHsm } from './module.ts'",
  'packages/hsm/src/module.ts': 'export const createHsm = () => {}',
  'packages/hsm/src/testing.ts': 'export const testingOnlyEntropy = () => {}',
}

function messagesOf(files: { readonly [path: string]: string }): string[] {
  return checkExports(treeOf({ ...WORKSPACE, ...files })).map(({ message }) => message)
}

test('a package with a deliberate face is in order', () => {
  expect(messagesOf({})).toEqual([])
})

test('export * is refused anywhere', () => {
  expect(messagesOf({ 'packages/hsm/src/index.ts': "export * from './module.ts'" })).toEqual([
    'list the names: no export *',
  ])
  expect(messagesOf({ 'packages/hsm/src/algorithms/index.ts': "export * as aes from './aes.ts'" })).toHaveLength(1)
})

test('a main index that defines something is refused', () => {
  expect(messagesOf({ 'packages/hsm/src/index.ts': 'export const version = 1' })).toEqual([
    'index.ts only re-exports: `export { name } from`',
  ])
})

test('a subpath needs a source file and a word in the README', () => {
  const exports = { ...EXPORTS, './native': { source: './src/native.ts' } }
  expect(messagesOf({ 'packages/hsm/package.json': manifestOf('@softkms/hsm', { exports }) })).toEqual([
    "'./native' has no `source` condition with an existing file",
    "'@softkms/hsm/native' is not named in the package's README.md",
  ])
})

test('what shows keys is for the command line alone, however long the way', () => {
  const exports = { ...EXPORTS, './teaching': { source: './src/teaching.ts' } }
  const teaching = {
    'packages/hsm/package.json': manifestOf('@softkms/hsm', { exports }),
    'packages/hsm/README.md': '`@softkms/hsm/testing`, `@softkms/hsm/teaching`',
    'packages/hsm/src/teaching.ts': "export { createHsm as createTeachingHsm } from './module.ts'",
  }
  expect(messagesOf(teaching)).toEqual([])
  expect(
    messagesOf({ ...teaching, 'packages/hsm/src/module.ts': "export { createHsm } from './teaching.ts'" }),
  ).toEqual(['reaches packages/hsm/src/teaching.ts, which shows keys'])
  const importer = (name: string, folder: string) => ({
    ...teaching,
    [`packages/${folder}/package.json`]: manifestOf(name),
    [`packages/${folder}/README.md`]: name,
    [`packages/${folder}/src/index.ts`]: "export { createTeachingHsm } from '@softkms/hsm/teaching'",
  })
  expect(messagesOf(importer('@softkms/kms', 'kms'))).toEqual([
    'reaches packages/hsm/src/teaching.ts, which shows keys',
  ])
  expect(messagesOf(importer('@softkms/cli', 'cli'))).toEqual([])
})

test('a name for tests may not leave by the main entry', () => {
  const index = "export { testingOnlyEntropy } from './entropy.ts'"
  expect(messagesOf({ 'packages/hsm/src/index.ts': index })).toEqual([
    "exports 'testingOnlyEntropy', which is for tests",
  ])
})

test('a module for tests may not be reached from a main entry, however long the way', () => {
  expect(messagesOf({ 'packages/hsm/src/module.ts': "export { fill as createHsm } from './testing.ts'" })).toEqual([
    'reaches packages/hsm/src/testing.ts, which is for tests',
  ])
  const kms = {
    'packages/kms/package.json': manifestOf('@softkms/kms'),
    'packages/kms/README.md': '`@softkms/kms`',
    'packages/kms/src/index.ts': "export { createEngine } from './kms.ts'",
    'packages/kms/src/kms.ts': "import { testingOnlyEntropy } from '@softkms/hsm/testing'",
  }
  expect(messagesOf(kms)).toEqual(['reaches packages/hsm/src/testing.ts, which is for tests'])
})
