/**
 * Wycheproof's vectors, where there are any: data of its makers, kept beside the repository and not in it.
 *
 * Their folder is `SOFTKMS_VECTORS` if that is set, else `../shared/vectors` from the root of the repository, else
 * `test/vectors/.cache`. A test without its vectors is skipped and says so in its name; `SOFTKMS_REQUIRE_VECTORS=1`
 * makes that a failure.
 */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')
const CHOSEN = process.env['SOFTKMS_VECTORS']
/** Relative to the root. */
const FOLDERS: readonly string[] = CHOSEN === undefined ? ['../shared/vectors', 'test/vectors/.cache'] : [CHOSEN]

export interface VectorFile<Group> {
  readonly numberOfTests: number
  readonly testGroups: readonly Group[]
}

export interface Vectors<Group> {
  readonly isMissing: boolean
  /** How many vectors there are, or why there are none. For names of tests. */
  readonly summary: string
  readonly load: () => VectorFile<Group>
}

/** @throws when the file is nowhere and `SOFTKMS_REQUIRE_VECTORS=1` */
export function findWycheproof<Group>(name: string): Vectors<Group> {
  const files = FOLDERS.map((folder) => resolve(ROOT, folder, 'wycheproof', name))
  const file = files.find((one) => existsSync(one))
  if (file === undefined) {
    const reason = `no wycheproof/${name} in ${FOLDERS.join(' or ')}`
    if (process.env['SOFTKMS_REQUIRE_VECTORS'] === '1') throw new Error(reason)
    return { isMissing: true, summary: `skipped: ${reason}`, load: () => ({ numberOfTests: 0, testGroups: [] }) }
  }
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as VectorFile<Group>
  return { isMissing: false, summary: `${vectors.numberOfTests} vectors`, load: () => vectors }
}

/** What became of the vectors of a set: each one run, or skipped for a reason. */
export class Tally {
  ran = 0
  readonly #skipped = new Map<string, number>()

  skip(reason: string, count: number): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + count)
  }

  get skipped(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#skipped)
  }

  get total(): number {
    return [...this.#skipped.values()].reduce((sum, count) => sum + count, this.ran)
  }
}
