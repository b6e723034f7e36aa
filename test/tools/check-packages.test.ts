import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkPackages } from '../../tools/check-packages.ts'
import { readTree } from '../../tools/tree.ts'

test('an entry that the published package would not have is caught', async () => {
  const root = mkdtempSync(join(tmpdir(), 'softkms-check-'))
  onTestFinished(() => {
    rmSync(root, { recursive: true })
  })
  const folder = join(root, 'packages/hsm')
  mkdirSync(join(folder, 'dist'), { recursive: true })
  const manifest = {
    name: '@softkms/hsm',
    version: '0.1.0',
    type: 'module',
    exports: './dist/index.js',
    license: 'MIT',
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'LICENSE'), '')

  expect(await checkPackages(readTree(root), root)).toHaveLength(1)
  writeFileSync(join(folder, 'dist/index.js'), 'export {}\n')
  expect(await checkPackages(readTree(root), root)).toEqual([])
})
