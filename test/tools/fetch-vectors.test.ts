/** The vectors' fetcher, against repositories that the test makes itself. */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Collection, fetchVectors } from '../../tools/fetch-vectors.ts'
import { run } from '../../tools/run.ts'

let folder: string
let collection: Collection

async function git(...args: readonly string[]): Promise<string> {
  const identity = ['-c', 'user.name=Nobody', '-c', 'user.email=nobody@example.com']
  const { isSuccess, stdout, output } = await run('git', ['-C', join(folder, 'origin'), ...identity, ...args])
  if (!isSuccess) throw new Error(output)
  return stdout.trim()
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'softkms-test-'))
  const origin = join(folder, 'origin')
  mkdirSync(join(origin, 'deep/set'), { recursive: true })
  await git('init', '--quiet')
  writeFileSync(join(origin, 'deep/set/a_test.json'), '{}')
  writeFileSync(join(origin, 'deep/set/candidates.txt'), '1')
  writeFileSync(join(origin, 'deep/set/README.md'), 'no vectors')
  writeFileSync(join(origin, 'elsewhere.json'), '{}')
  await git('add', '.')
  await git('commit', '--quiet', '--message=first')
  const revision = await git('rev-parse', '--short', 'HEAD')
  // What comes after the revision is not fetched.
  writeFileSync(join(origin, 'deep/set/a_test.json'), '{ "later": true }')
  await git('commit', '--quiet', '--all', '--message=second')
  collection = { name: 'set', place: origin, revision, folders: ['deep/set'] }
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('takes the vectors of its folders at its revision, and nothing else', async () => {
  const cache = join(folder, 'cache')
  const lines: string[] = []
  await fetchVectors([collection], cache, (line) => lines.push(line))
  expect(readdirSync(join(cache, 'set')).toSorted()).toEqual(['a_test.json', 'candidates.txt'])
  expect(readFileSync(join(cache, 'set/a_test.json'), 'utf8')).toBe('{}')
  expect(lines).toEqual([`set: 2 files at ${collection.revision}`])
})

test.each([
  ['a place that is not there', { place: '/nowhere' }, /^set: git clone failed/],
  ['a revision that is not there', { revision: '0000000' }, /^set: git checkout failed/],
])('says what failed of %s, and leaves the cache as it was', async (_, change, message) => {
  const cache = join(folder, 'cache')
  await fetchVectors([collection], cache, () => undefined)
  await expect(fetchVectors([{ ...collection, ...change }], cache, () => undefined)).rejects.toThrow(message)
  expect(readdirSync(join(cache, 'set'))).toHaveLength(2)
  expect(readdirSync(folder).toSorted()).toEqual(['cache', 'origin'])
})
