/**
 * Writes `docs/vectors/blob-v1.json`: blobs that every implementation of `docs/blob.md` opens, and blobs that each refuses.
 *
 * The randomness is seeded, so the file comes out the same each time, and a test holds it against this tool. Once it is
 * published, a blob in it is opened for ever: add vectors, change none.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { makeAccepted } from './blob-vectors/accepted.ts'
import { makeRefused } from './blob-vectors/refused.ts'
import type { BlobVectors } from './blob-vectors/vector.ts'
import { ROOT } from './tree.ts'

export const BLOB_VECTORS = 'docs/vectors/blob-v1.json'

export async function makeBlobVectors(): Promise<BlobVectors> {
  return {
    format: 'softkms ciphertext blob, version 1; bytes are lower-case hexadecimal',
    specification: 'docs/blob.md',
    accepted: await makeAccepted(),
    refused: await makeRefused(),
  }
}

/** As the file holds them. */
export function formatBlobVectors(vectors: BlobVectors): string {
  return `${JSON.stringify(vectors, null, 2)}\n`
}

async function main(): Promise<void> {
  const path = join(ROOT, BLOB_VECTORS)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, formatBlobVectors(await makeBlobVectors()))
  console.log(`wrote ${BLOB_VECTORS}`)
}

if (import.meta.main) await main()
