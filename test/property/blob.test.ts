/**
 * Laws of the blob: what was sealed opens, what was changed does not, and no byte string makes the parser stumble.
 *
 * @covers KMS crypto-details §2, §3, §4; docs/blob.md
 */
import { encodeBlobHeader, parseBlob, plaintextLengthOf } from '@softkms/envelope'
import { MAX_PLAINTEXT_LENGTH } from '@softkms/hsm'
import * as fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { eachBitFlipped, eachLengthChanged, flipBit, toHex } from '../support/bits.ts'
import { type BlobKey, createBlobKey, openWith, sealWith } from '../support/blob-key.ts'
import { readBlob } from '../support/blob-reader.ts'
import { expectRefused } from '../support/blob-refusal.ts'
import { confusableContext, encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { isSlow, runs } from '../support/runs.ts'

/** Any bytes: now and then all alike, so that nothing hides in their randomness. */
const plaintext = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: MAX_PLAINTEXT_LENGTH, size: 'max' }),
  fc.uint8Array({ minLength: 1, maxLength: 300 }),
  fc
    .tuple(fc.integer({ min: 1, max: MAX_PLAINTEXT_LENGTH }), fc.constantFrom(0, 1, 0xff))
    .map(([length, byte]) => new Uint8Array(length).fill(byte)),
)

let key: BlobKey

beforeAll(async () => {
  key = await createBlobKey()
})

test('what was sealed opens: any plaintext, any context', async () => {
  await fc.assert(
    fc.asyncProperty(plaintext, encryptionContext, async (bytes, context) => {
      const blob = await sealWith(key, bytes, context)
      expect(await openWith(key, blob, context)).toEqual(bytes)
    }),
    { numRuns: runs(200, 5000) },
  )
})

test(`what was sealed opens: every length of plaintext${isSlow ? '' : ' up to 300, every ninth above'}`, async () => {
  for (let length = 1; length <= MAX_PLAINTEXT_LENGTH; length += isSlow || length < 300 ? 1 : 9) {
    const bytes = Uint8Array.from({ length }, (_, i) => i ^ length)
    const opened = await openWith(key, await sealWith(key, bytes))
    expect(opened && Buffer.compare(opened, bytes)).toBe(0)
  }
})

test('what was sealed opens for another program that has the material and docs/blob.md', async () => {
  const known = await createKnownKey('property', 'k')
  await fc.assert(
    fc.asyncProperty(plaintext, encryptionContext, async (bytes, context) => {
      const blob = await sealWith(known, bytes, context)
      const read = readBlob(blob, { ...known, context })
      expect(toHex(read.plaintext)).toBe(toHex(bytes))
      expect(read.purpose).toBe(1)
    }),
    { numRuns: runs(100, 3000) },
  )
})

test('another context does not open it', async () => {
  await fc.assert(
    fc.asyncProperty(confusableContext, confusableContext, async (context, other) => {
      const blob = await sealWith(key, Uint8Array.of(1), context)
      const opened = await openWith(key, blob, other).catch(() => undefined)
      const isSame = toHex(blobForm(context)) === toHex(blobForm(other))
      expect(opened !== undefined).toBe(isSame)
    }),
    { numRuns: runs(200, 5000) },
  )
})

/** A form of the context that is not the envelope's own. */
function blobForm(context: Readonly<Record<string, string>>): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1))))
}

test('one bit changed, whichever: refused', async () => {
  const small = await sealWith(key, Uint8Array.of(7), { a: 'b' })
  const flipped = eachBitFlipped(small)
  expect(flipped).toHaveLength(8 * small.length)
  for (const changed of flipped) await expectRefused(key, changed, { a: 'b' })

  const change = fc.tuple(plaintext, encryptionContext, fc.nat())
  await fc.assert(
    fc.asyncProperty(change, async ([bytes, context, at]) => {
      const blob = await sealWith(key, bytes, context)
      await expectRefused(key, flipBit(blob, at % (8 * blob.length)), context)
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('a byte more, a byte less, cut anywhere: refused', async () => {
  const small = await sealWith(key, Uint8Array.of(7))
  for (const changed of eachLengthChanged(small)) await expectRefused(key, changed)

  const change = fc.tuple(plaintext, fc.nat(), fc.uint8Array({ maxLength: 40 }), fc.nat({ max: 40 }))
  await fc.assert(
    fc.asyncProperty(change, async ([bytes, place, added, removed]) => {
      const blob = await sealWith(key, bytes)
      const at = place % (blob.length + 1)
      const changed = Uint8Array.of(...blob.subarray(0, at), ...added, ...blob.subarray(at + removed))
      fc.pre(toHex(changed) !== toHex(blob))
      await expectRefused(key, changed)
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test('several bytes changed at once: refused', async () => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 10 })
  await fc.assert(
    fc.asyncProperty(plaintext, changes, async (bytes, edits) => {
      const blob = await sealWith(key, bytes)
      const changed = blob.slice()
      for (const [at, byte] of edits) changed[at % blob.length] = byte
      fc.pre(toHex(changed) !== toHex(blob))
      await expectRefused(key, changed)
    }),
    { numRuns: runs(200, 5000) },
  )
})

/** Byte strings that get more or less far into the parser. */
const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 6200, size: 'max' }),
  fc.uint8Array({ maxLength: 200 }),
  fc
    .tuple(
      fc.integer({ min: 1, max: MAX_PLAINTEXT_LENGTH }),
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 4 }),
    )
    .map(([length, materialId, edits]) => {
      const header = encodeBlobHeader(materialId, length).bytes
      const bytes = new Uint8Array(header.length + 11 + length + 16)
      bytes.set(header)
      for (const [at, byte] of edits) bytes[at % header.length] = byte
      return bytes
    }),
)

test('parsing never throws, and what it takes for a blob, written again, is the same', () => {
  let taken = 0
  const count = runs(2000, 100_000)
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const before = toHex(bytes)
      const blob = parseBlob(bytes)
      expect(toHex(bytes)).toBe(before)
      if (blob === undefined) return
      taken++
      const { bytes: header, nonceOffset, ivOffset } = encodeBlobHeader(blob.materialId, plaintextLengthOf(blob))
      header.set(blob.header.bytes.subarray(nonceOffset, nonceOffset + 16), nonceOffset)
      header.set(blob.header.bytes.subarray(ivOffset, ivOffset + 12), ivOffset)
      expect(toHex(header) + toHex(blob.ciphertext)).toBe(before)
      expect(blob.header).toMatchObject({ nonceOffset, ivOffset })
    }),
    { numRuns: count },
  )
  expect(taken).toBeGreaterThan(count / 20)
})

test('whatever is no blob of the key is refused by the HSM too', async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, async (bytes) => {
      await expectRefused(key, bytes)
    }),
    { numRuns: runs(300, 10_000) },
  )
})
