/**
 * Finds outside test vectors, which stand beside the repository and not in it.
 *
 * The folder is `SOFTKMS_VECTORS`, else `../shared/vectors` from the repository's root, else `test/vectors/.cache`.
 * Where a file is missing its test is skipped by name, unless `SOFTKMS_REQUIRE_VECTORS=1`, which makes that a failure.
 */

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

function findFolder(): string | undefined {
  const named = process.env['SOFTKMS_VECTORS']
  const candidates =
    named === undefined ? [join(ROOT, '../shared/vectors'), join(ROOT, 'test/vectors/.cache')] : [named]
  return candidates.find((folder) => existsSync(folder))
}

const folder = findFolder()
const isRequired = process.env['SOFTKMS_REQUIRE_VECTORS'] === '1'

/** @returns the names of the files in a collection, such as `wycheproof`; none when it is not there */
export function listVectors(collection: string): readonly string[] {
  if (folder === undefined || !existsSync(join(folder, collection))) return []
  return readdirSync(join(folder, collection)).toSorted()
}

/** @param path inside the folder, such as `wycheproof/hmac_sha256_test.json` */
function readText(path: string): string | undefined {
  if (folder === undefined || !existsSync(join(folder, path))) return undefined
  return readFileSync(join(folder, path), 'utf8')
}

/**
 * A test over one file of vectors, in JSON.
 *
 * @param body gets the parsed file
 * @param suffix distinguishes runs of one file
 */
export function testVectors(path: string, body: (file: unknown) => void, suffix: string = ''): void {
  testText(path, (text) => body(JSON.parse(text)), suffix)
}

/** A test over one file of lines. */
export function testLines(path: string, body: (lines: readonly string[]) => void): void {
  testText(path, (text) => body(text.trim().split('\n')), '')
}

function testText(path: string, body: (text: string) => void, suffix: string): void {
  test(`${path}${suffix}`, { timeout: 120_000 }, ({ skip }) => {
    const text = readText(path)
    skip(text === undefined && !isRequired, `${path} is not there`)
    body(text ?? expect.fail(`${path} is missing, and SOFTKMS_REQUIRE_VECTORS=1`))
  })
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}
