/**
 * The layout of a blob, byte by byte, and what has none.
 *
 * @covers KMS crypto-details §4; RFC 2315 §13; RFC 5084 §3.2; docs/blob.md, "The layout"
 */
import { encodeBlobHeader, parseBlob, plaintextLengthOf } from '@softkms/envelope'
import { expect, test } from 'vitest'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'

const MATERIAL_ID = Uint8Array.from({ length: 32 }, (_, i) => 0xa0 + i)

/** A blob as far as its layout goes: a header, and a content of zeros. */
function layOut(plaintextLength: number): Uint8Array {
  const { bytes } = encodeBlobHeader(MATERIAL_ID, plaintextLength)
  return Uint8Array.of(...bytes, ...new Uint8Array(11 + plaintextLength + 16))
}

test('a header, byte by byte', () => {
  const { bytes, nonceOffset, ivOffset } = encodeBlobHeader(MATERIAL_ID, 32)
  expect(toHex(bytes)).toBe(
    [
      '0102020078',
      toHex(MATERIAL_ID),
      '01',
      '00'.repeat(16),
      '0000007e',
      // ContentInfo, pkcs7-encryptedData, [0]
      '307c 06092a864886f70d010706 a06f',
      // EncryptedData, version 0, EncryptedContentInfo, pkcs7-data
      '306d 020100 3068 06092a864886f70d010701',
      // aes256-GCM, a vector of 12 bytes, a tag of 16
      `301e 060960864801650304012e 3011 040c ${'00'.repeat(12)} 020110`,
      // [0], 59 bytes of content
      '803b',
    ]
      .join('')
      .replaceAll(' ', ''),
  )
  expect([nonceOffset, ivOffset]).toEqual([38, bytes.length - 12 - 3 - 2])
})

/** Where the header grows by a byte, because one of the five nested lengths takes one more: `docs/blob.md`, "The size". */
const SIZES = [
  [1, 153],
  [2, 154],
  [32, 184],
  [35, 187],
  [36, 189],
  [48, 201],
  [49, 203],
  [50, 204],
  [51, 206],
  [55, 210],
  [56, 212],
  [100, 256],
  [101, 258],
  [159, 316],
  [160, 318],
  [173, 331],
  [174, 333],
  [176, 335],
  [177, 337],
  [182, 342],
  [183, 344],
  [228, 389],
  [229, 391],
  [4095, 4257],
  [4096, 4258],
] as const

test.each(SIZES)('%s bytes make a blob of %s', (plaintextLength, blobLength) => {
  const blob = layOut(plaintextLength)
  expect(blob).toHaveLength(blobLength)
  const parsed = parseBlob(blob)
  expect(parsed && plaintextLengthOf(parsed)).toBe(plaintextLength)
})

test('every length of plaintext has its own length of blob, and no other length is one', () => {
  const lengths = new Set<number>()
  for (let plaintextLength = 1; plaintextLength <= 4096; plaintextLength++) {
    const blob = layOut(plaintextLength)
    const parsed = parseBlob(blob)
    expect(parsed && plaintextLengthOf(parsed)).toBe(plaintextLength)
    expect(parsed && parsed.header.bytes.length + parsed.ciphertext.length).toBe(blob.length)
    lengths.add(blob.length)
  }
  expect(lengths.size).toBe(4096)
  for (let length = 0; length <= 4300; length++) {
    const begun = new Uint8Array(length)
    begun.set(layOut(4096).subarray(0, length))
    if (!lengths.has(length)) expect(parseBlob(begun)).toBeUndefined()
  }
})

test('the parts are views on the blob, in place', () => {
  const blob = layOut(32)
  const parsed = parseBlob(blob)
  expect(parsed?.materialId).toEqual(MATERIAL_ID)
  expect(parsed?.header).toMatchObject({ nonceOffset: 38, ivOffset: 108 })
  for (const part of [parsed?.materialId, parsed?.header.bytes, parsed?.ciphertext]) {
    expect(part?.buffer).toBe(blob.buffer)
  }
})

test.each([32, 200, 300])(
  'of a header for %s bytes, each bit is fixed but those of the three fields',
  (plaintextLength) => {
    const blob = layOut(plaintextLength)
    const { bytes, ivOffset } = encodeBlobHeader(MATERIAL_ID, plaintextLength)
    const isField = (at: number): boolean =>
      (at >= 5 && at < 37) || (at >= 38 && at < 54) || (at >= ivOffset && at < ivOffset + 12)
    for (const [bit, flipped] of eachBitFlipped(blob).entries()) {
      const at = bit >>> 3
      if (at >= bytes.length) break
      if (isField(at)) expect(parseBlob(flipped)).toBeDefined()
      else expect(parseBlob(flipped), `byte ${at}`).toBeUndefined()
    }
  },
)

test.each([1, 35, 36, 300])('a blob of %s bytes with a byte more or less, at any place, is none', (plaintextLength) => {
  for (const changed of eachLengthChanged(layOut(plaintextLength))) expect(parseBlob(changed)).toBeUndefined()
})

test.each([0, -1, 4097, 1.5, Number.NaN, '32'])('there is no header for %s bytes', (plaintextLength) => {
  expect(() => encodeBlobHeader(MATERIAL_ID, plaintextLength as number)).toThrow(
    new RangeError('plaintextLength must be 1 to 4096'),
  )
})

test.each([0, 31, 33, 64])('there is no header for a material id of %s bytes', (length) => {
  expect(() => encodeBlobHeader(new Uint8Array(length), 32)).toThrow(new RangeError('materialId must be 32 bytes'))
})

test('a header is made anew each time', () => {
  encodeBlobHeader(MATERIAL_ID, 32).bytes.fill(0xff)
  expect(toHex(encodeBlobHeader(MATERIAL_ID, 32).bytes.subarray(0, 5))).toBe('0102020078')
})
