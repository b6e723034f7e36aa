/** Laws of the annotators: whatever the bytes, they are refused in words or told to the last one; secrets are marked. */
import {
  annotateBlob,
  annotateContext,
  annotateMessage,
  encodeBlobHeader,
  encodeEncryptionContext,
} from '@softkms/envelope'
import {
  type Annotated,
  annotateFixedInput,
  annotateFrame,
  annotatePkcs8,
  annotateRawSignature,
  annotateSignature,
  annotateSpki,
  annotateToken,
} from '@softkms/hsm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type PrivateKeyInfo, decodePkcs8, encodePkcs8 } from '../../packages/hsm/src/encoding/pkcs8.ts'
import { annotationsOf, expectCovered, expectRefusedOrCovered } from '../support/annotations.ts'
import { toHex } from '../support/bits.ts'
import { encryptionContext } from '../support/encryption-context-arbitrary.ts'
import { runs } from '../support/runs.ts'

const ANNOTATORS: Readonly<Record<string, (bytes: Uint8Array) => Annotated>> = {
  blob: annotateBlob,
  token: annotateToken,
  spki: annotateSpki,
  pkcs8: annotatePkcs8,
  signature: annotateSignature,
  'raw signature': annotateRawSignature,
  message: annotateMessage,
  context: annotateContext,
  frame: annotateFrame,
  'fixed input': (bytes) => annotateFixedInput(bytes, 'label', 'owner'),
}

/** Bytes that begin as one of the formats does, so that an annotator gets further than the first of them. */
const beginnings = fc.constantFrom(
  ...[[], [1], [2, 4, 0x78], [2, 5, 0x78], [1, 2, 2, 0, 0x78], [0, 0, 0, 0], [0, 0, 0, 1, 0x61]],
  ...[
    [0x30, 0x06, 2, 1],
    [0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70],
    [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3],
  ],
)
const anyBytes = fc
  .tuple(beginnings, fc.uint8Array({ maxLength: 300 }))
  .map(([beginning, rest]) => Uint8Array.of(...beginning, ...rest))

test.each(Object.entries(ANNOTATORS))('%s: any bytes are refused or told, and left as they are', (_name, annotate) => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const before = toHex(bytes)
      expectRefusedOrCovered(annotate(bytes), bytes)
      expect(toHex(bytes)).toBe(before)
    }),
    { numRuns: runs(500, 30_000) },
  )
})

test('blobs of every length are told whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4096 }), fc.uint8Array({ minLength: 32, maxLength: 32 }), (length, id) => {
      const header = encodeBlobHeader(id, length).bytes
      const blob = Uint8Array.of(...header, ...new Uint8Array(11 + length + 16))
      const annotations = annotationsOf(annotateBlob(blob))
      expectCovered(annotations, blob.length)
      expect(annotations[1]?.meaning).toBe(toHex(id))
    }),
    { numRuns: runs(100, 4000) },
  )
})

test('every context is told whole, and its pairs are those that went in', () => {
  fc.assert(
    fc.property(encryptionContext, (context) => {
      const form = encodeEncryptionContext(context)
      const annotations = annotationsOf(annotateContext(form))
      expectCovered(annotations, form.length)
      // An empty text has no bytes, and so no annotation but that of its length.
      const texts = Object.entries(context)
        .flat()
        .filter((text) => text !== '')
      const told = annotations
        .filter(({ kind }) => kind === 'content')
        .map(({ meaning }) => JSON.parse(meaning) as string)
      expect(told.toSorted()).toEqual(texts.toSorted())
    }),
    { numRuns: runs(300, 10_000) },
  )
})

const seed = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const positive = fc.uint8Array({ minLength: 1, maxLength: 40 }).filter((bytes) => bytes[0] !== 0)
const privateKey: fc.Arbitrary<PrivateKeyInfo> = fc.oneof(
  seed(32).map((bytes) => ({ family: 'edwards' as const, seed: bytes })),
  seed(32).map((bytes) => ({ family: 'ml-dsa' as const, parameters: 'ML-DSA-65' as const, seed: bytes })),
  seed(64).map((bytes) => ({ family: 'ml-kem' as const, parameters: 'ML-KEM-768' as const, seed: bytes })),
  fc.tuple(seed(32), fc.boolean(), fc.boolean(), seed(64)).map(([scalar, isNamed, hasPoint, xy]) => ({
    family: 'ec' as const,
    curve: 'P-256' as const,
    scalar,
    ...(isNamed ? { namesCurveInside: true as const } : {}),
    ...(hasPoint ? { point: Uint8Array.of(4, ...xy) } : {}),
  })),
  fc.tuple(positive, positive, positive, positive, positive, positive, positive, positive).map((n) => {
    const [modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient] = n
    const numbers = { modulus, publicExponent, privateExponent, prime1, prime2, exponent1, exponent2, coefficient }
    return { family: 'rsa' as const, numbers }
  }),
)

test('of whatever is read as a private key, every private byte is marked secret', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 2 })
  fc.assert(
    fc.property(privateKey, damage, (key, edits) => {
      const bytes = encodePkcs8(key)
      for (const [at, byte] of edits) bytes[at % bytes.length] = byte
      const read = decodePkcs8(bytes)
      const annotated = annotatePkcs8(bytes)
      expect('annotations' in annotated).toBe(read !== undefined)
      if (read === undefined) return
      const annotations = annotationsOf(annotated)
      expectCovered(annotations, bytes.length)
      expect(annotations.filter(({ kind }) => kind === 'unparsed')).toEqual([])
      const told = annotations.filter(({ kind }) => kind === 'secret')
      const places = privateViews(read).map((view) => [view.byteOffset - bytes.byteOffset, view.length])
      expect(told.map(({ offset, length }) => [offset, length])).toEqual(places)
    }),
    { numRuns: runs(500, 20_000) },
  )
})

function privateViews(key: PrivateKeyInfo): Uint8Array[] {
  if (key.family === 'ec') return [key.scalar]
  if (key.family !== 'rsa') return [key.seed]
  const { privateExponent, prime1, prime2, exponent1, exponent2, coefficient } = key.numbers
  return [privateExponent, prime1, prime2, exponent1, exponent2, coefficient]
}
