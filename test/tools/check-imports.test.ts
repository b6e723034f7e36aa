import { describe, expect, test } from 'vitest'
import { checkImports } from '../../tools/check-imports.ts'
import { manifestOf, treeOf } from './tree.ts'

const WORKSPACE = {
  'packages/lifecycle/package.json': manifestOf('@softkms/lifecycle'),
  'packages/hsm/package.json': manifestOf('@softkms/hsm', {
    exports: {
      '.': { source: './src/index.ts' },
      './testing': { source: './src/testing.ts' },
    },
    dependencies: { '@noble/hashes': 'catalog:' },
  }),
  'packages/hsm/src/module.ts': "import { sha256 } from '@noble/hashes/sha2.js'",
  'packages/envelope/package.json': manifestOf('@softkms/envelope', {
    dependencies: { '@softkms/hsm': 'workspace:*' },
  }),
  'packages/envelope/src/seal.ts': "import { createHsm } from '@softkms/hsm'",
}

function messagesOf(files: { readonly [path: string]: string }): string[] {
  return checkImports(treeOf({ ...WORKSPACE, ...files })).map(({ path, message }) => `${path} ${message}`)
}

test('a workspace that keeps the arrows is in order', () => {
  expect(messagesOf({})).toEqual([])
})

describe('each kind of violation is named', () => {
  const violations: readonly (readonly [why: string, text: string, message: string])[] = [
    ['against an arrow', "import { seal } from '@softkms/envelope'", 'no arrow runs from hsm to envelope'],
    ['types count', "import type { Seal } from '@softkms/envelope'", 'no arrow runs from hsm to envelope'],
    ['import types count', "type Seal = import('@softkms/envelope').Seal", 'no arrow runs from hsm to envelope'],
    ['export from counts', "export { seal } from '@softkms/envelope'", 'no arrow runs from hsm to envelope'],
    ['import() counts', "const { seal } = await import('@softkms/envelope')", 'no arrow runs from hsm to envelope'],
    ['require counts', "const seal = require('@softkms/envelope')", 'no arrow runs from hsm to envelope'],
    ['resolve counts', "import.meta.resolve('@softkms/envelope')", 'no arrow runs from hsm to envelope'],
    ['not on the list', "import { z } from 'zod'", "'zod' is not on the list"],
    ['Node in a core', "import { randomBytes } from 'node:crypto'", "may not touch Node ('node:crypto')"],
    ['Node without its prefix', "import { readFile } from 'fs/promises'", "write 'node:fs/promises'"],
    ['out of the package', "import { x } from '../../kms/src/x.ts'", "leaves its package by '../../kms/src/x.ts'"],
    ['itself by name', "import { x } from '@softkms/hsm'", 'imports its own package by name'],
    ['for its side effect', "import './polyfill.ts'", 'for its side effect'],
    ['computed', 'await import(name)', 'imports a computed name'],
    ['undeclared', "import { gcm } from '@noble/ciphers/aes.js'", "imports '@noble/ciphers', which its package.json"],
  ]
  test.each(violations)('%s', (_why, text, message) => {
    expect(messagesOf({ 'packages/hsm/src/bad.ts': text })).toEqual([expect.stringContaining(message)])
  })

  test('a deep import into another package', () => {
    const text = "import { x } from '@softkms/hsm/src/secret.ts'"
    expect(messagesOf({ 'packages/envelope/src/bad.ts': text })).toEqual([
      expect.stringContaining("'@softkms/hsm/src/secret.ts' is not among the exports of @softkms/hsm"),
    ])
  })

  test('a dependency that nothing imports', () => {
    expect(messagesOf({ 'packages/hsm/src/module.ts': '' })).toEqual([
      "packages/hsm/package.json declares '@noble/hashes', which nothing in it imports",
    ])
  })

  test('a package without a row', () => {
    expect(messagesOf({ 'packages/shared/package.json': manifestOf('@softkms/shared') })).toEqual([
      expect.stringContaining('has no row in the table'),
    ])
  })
})

test('Node is for the adapter of server and for the command line', () => {
  const text = "import { createServer } from 'node:http'"
  const server = { 'packages/server/package.json': manifestOf('@softkms/server') }
  expect(messagesOf({ ...server, 'packages/server/src/adapter/node.ts': text })).toEqual([])
  expect(messagesOf({ ...server, 'packages/server/src/handler.ts': text })).toHaveLength(1)
  expect(
    messagesOf({ 'packages/cli/package.json': manifestOf('@softkms/cli'), 'packages/cli/src/main.ts': text }),
  ).toEqual([])
})

test('an import inside a comment or a string is no import', () => {
  const text = "// import { z } from 'zod'\nexport const text = `import 'zod'`"
  expect(messagesOf({ 'packages/hsm/src/fine.ts': text })).toEqual([])
})

test('a problem names its line', () => {
  const [problem] = checkImports(treeOf({ ...WORKSPACE, 'packages/hsm/src/bad.ts': "\n\nimport { z } from 'zod'" }))
  expect(problem?.line).toBe(3)
})
