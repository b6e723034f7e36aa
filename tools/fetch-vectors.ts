/**
 * Fetches the outside test vectors into `test/vectors/.cache`: `pnpm vectors`.
 *
 * They are data of others, too large to be part of this repository. Each collection is cloned at its revision, only
 * the folders that are wanted; the cache is replaced as a whole, or stays as it was.
 *
 * `--from NAME=PLACE` takes a collection from another place than its own, a mirror for instance.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { run } from './run.ts'
import { ROOT } from './tree.ts'

export interface Collection {
  readonly name: string
  readonly place: string
  readonly revision: string
  /** Whose files are taken, without the folder. */
  readonly folders: readonly string[]
}

const COLLECTIONS: readonly Collection[] = [
  {
    name: 'wycheproof',
    place: 'https://github.com/C2SP/wycheproof.git',
    revision: 'dac1dd4',
    folders: ['testvectors_v1'],
  },
  {
    name: 'cctv',
    place: 'https://github.com/C2SP/CCTV.git',
    revision: '1e3d286',
    folders: ['ML-DSA/benchmark', 'keygen'],
  },
]

const CACHE = join(ROOT, 'test/vectors/.cache')
const IS_VECTORS = /\.(?:json|txt)$/

/** @throws Error that says which step of which collection failed; `cache` is then what it was */
export async function fetchVectors(
  collections: readonly Collection[],
  cache: string,
  report: (line: string) => void,
): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'softkms-vectors-'))
  const fresh = `${cache}.new`
  try {
    rmSync(fresh, { recursive: true, force: true })
    for (const collection of collections) {
      const count = await fetchCollection(collection, join(work, collection.name), join(fresh, collection.name))
      report(`${collection.name}: ${count} files at ${collection.revision}`)
    }
    rmSync(cache, { recursive: true, force: true })
    renameSync(fresh, cache)
  } finally {
    rmSync(work, { recursive: true, force: true })
    rmSync(fresh, { recursive: true, force: true })
  }
}

async function fetchCollection(collection: Collection, clone: string, target: string): Promise<number> {
  const { name, place, revision, folders } = collection
  await git(name, 'clone', '--quiet', '--no-checkout', '--filter=blob:none', place, clone)
  await git(name, '-C', clone, 'checkout', '--quiet', revision, '--', ...folders)
  mkdirSync(target, { recursive: true })
  for (const folder of folders) {
    for (const file of readdirSync(join(clone, folder)).filter((one) => IS_VECTORS.test(one))) {
      cpSync(join(clone, folder, file), join(target, file))
    }
  }
  return readdirSync(target).length
}

async function git(name: string, ...args: readonly string[]): Promise<void> {
  const { isSuccess, output } = await run('git', args, { env: { GIT_TERMINAL_PROMPT: '0' } })
  if (!isSuccess) throw new Error(`${name}: git ${args[0] === '-C' ? args[2] : args[0]} failed\n${output.trimEnd()}`)
}

/** @throws TypeError for a flag that is none, RangeError for a collection that is none */
function parsePlaces(args: readonly string[]): readonly Collection[] {
  const { values } = parseArgs({ args: [...args], options: { from: { type: 'string', multiple: true } } })
  const places = new Map((values.from ?? []).map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]))
  for (const name of places.keys()) {
    if (!COLLECTIONS.some((one) => one.name === name)) throw new RangeError(`there is no collection '${name}'`)
  }
  return COLLECTIONS.map((one) => ({ ...one, place: places.get(one.name) ?? one.place }))
}

if (import.meta.main) {
  try {
    await fetchVectors(parsePlaces(process.argv.slice(2)), CACHE, (line) => console.log(line))
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error))
    process.exitCode = 1
  }
}
