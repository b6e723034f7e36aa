/**
 * The published vectors: the same each time they are made, opened by an independent reader and by the HSM, and refused
 * by both.
 *
 * @covers docs/blob.md
 */
import { encodeEncryptionContext, openBlob, parseBlob } from '@softkms/envelope'
import { type Entropy, type Hsm, createHsm, systemEntropy } from '@softkms/hsm'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AcceptedVector, BlobVectors, RefusedVector } from '../../tools/blob-vectors/vector.ts'
import { BLOB_VECTORS, formatBlobVectors, makeBlobVectors } from '../../tools/make-blob-vectors.ts'
import { fromHex, toHex } from '../support/bits.ts'
import { BlobRefused, canonicalize, readBlob } from '../support/blob-reader.ts'
import { NEW_KEY, expectHsmError } from '../support/hsm-fixture.ts'

const FILE = readFileSync(new URL(`../../${BLOB_VECTORS}`, import.meta.url), 'utf8')
const { accepted, refused } = JSON.parse(FILE) as BlobVectors
const byName = <Vector extends AcceptedVector | RefusedVector>(vectors: readonly Vector[]) =>
  vectors.map((vector) => [vector.name, vector] as const)

test('made again, the file is the same to the last byte', async () => {
  expect(formatBlobVectors(await makeBlobVectors())).toBe(FILE)
})

test('there are enough of them, no two of one name, and every step refuses some', () => {
  expect(accepted.length).toBeGreaterThanOrEqual(12)
  expect(accepted.map(({ plaintext }) => plaintext.length / 2)).toEqual(
    expect.arrayContaining([1, 35, 36, 100, 101, 245, 4096]),
  )
  const names = [...accepted, ...refused].map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(new Set(refused.map(({ refusedBy }) => refusedBy))).toEqual(
    new Set(['layout', 'material', 'authentication', 'frame']),
  )
})

/**
 * An HSM that holds given material: it has no door for that, so the material comes as its randomness.
 *
 * Domain key id and domain key are drawn first.
 */
async function holdMaterial(material: Uint8Array, keyId: string) {
  let draws = 0
  const entropy: Entropy = {
    fill(bytes) {
      draws++
      if (draws === 3) bytes.set(material)
      else systemEntropy.fill(bytes)
    },
  }
  const hsm: Hsm = createHsm({ entropy })
  return { hsm, ...(await hsm.generateKey({ ...NEW_KEY, keyId })) }
}

describe('accepted', () => {
  test.each(byName(accepted))('%s: by the reader of the document', (_, vector) => {
    const read = readBlob(fromHex(vector.blob), { ...vector, material: fromHex(vector.material) })
    expect({
      materialId: toHex(read.materialId),
      canonicalContext: toHex(read.canonicalContext),
      messageKey: toHex(read.messageKey),
      purpose: read.purpose,
      plaintext: toHex(read.plaintext),
    }).toEqual({
      materialId: vector.materialId,
      canonicalContext: vector.canonicalContext,
      messageKey: vector.messageKey,
      purpose: vector.purpose,
      plaintext: vector.plaintext,
    })
  })

  test.each(byName(accepted))('%s: by the HSM', async (_, vector) => {
    const { hsm, token, materialId } = await holdMaterial(fromHex(vector.material), vector.keyId)
    expect(toHex(materialId)).toBe(vector.materialId)
    expect(toHex(encodeEncryptionContext(vector.context))).toBe(vector.canonicalContext)
    const blob = parseBlob(fromHex(vector.blob))
    expect(blob && toHex(blob.materialId)).toBe(vector.materialId)
    if (blob !== undefined) expect(toHex(await openBlob(hsm, { token, blob }, vector.context))).toBe(vector.plaintext)
  })
})

describe('refused', () => {
  test.each(byName(refused))('%s: by the reader of the document', (_, vector) => {
    const attempt = (): unknown => readBlob(fromHex(vector.blob), { ...vector, material: fromHex(vector.material) })
    expect(attempt).toThrow(new BlobRefused(vector.refusedBy))
  })

  test.each(byName(refused))('%s: by the HSM', async (_, vector) => {
    const { hsm, token, materialId } = await holdMaterial(fromHex(vector.material), vector.keyId)
    const blob = parseBlob(fromHex(vector.blob))
    if (vector.refusedBy === 'layout') {
      expect(blob).toBeUndefined()
      return
    }
    expect(blob).toBeDefined()
    if (blob === undefined) return
    if (vector.refusedBy === 'material') expect(blob.materialId).not.toEqual(materialId)
    await expectHsmError(openBlob(hsm, { token, blob }, vector.context), 'AUTHENTICATION_FAILED')
  })
})

test('the reader of the document has the same canonical forms as the envelope', () => {
  for (const { context } of accepted) {
    expect(toHex(canonicalize(context))).toBe(toHex(encodeEncryptionContext(context)))
  }
})
