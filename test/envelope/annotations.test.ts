/** What each byte of a blob, of a context's canonical form and of an Encryption SDK message is, in words. */
import {
  type EncryptStreamOptions,
  MESSAGE_SUITES,
  type MessageSuiteName,
  annotateBlob,
  annotateContext,
  annotateMessage,
  decodeEncryptionContext,
  encodeEncryptionContext,
  encryptStream,
} from '@softkms/envelope'
import { nobleProvider } from '@softkms/hsm'
import { createKms } from 'softkms'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  annotationsOf,
  bytesNamed,
  complaintOf,
  expectCovered,
  expectRefusedOrCovered,
} from '../support/annotations.ts'
import { eachBitFlipped, eachLengthChanged, toHex } from '../support/bits.ts'
import { createBlobKey, sealWith } from '../support/blob-key.ts'

describe('a blob', () => {
  test('field by field, as docs/blob.md lays it out', async () => {
    const key = await createBlobKey()
    const blob = await sealWith(key, new Uint8Array(32), { a: 'b' })
    const annotations = annotationsOf(annotateBlob(blob))
    expectCovered(annotations, blob.length)
    expect(annotations.map(({ offset, length, depth, name }) => [offset, length, depth, name])).toEqual([
      [0, 5, 0, 'format'],
      [5, 32, 0, 'KeyMaterialId'],
      [37, 1, 0, 'mark'],
      [38, 16, 0, 'nonce'],
      [54, 4, 0, 'length of the rest'],
      [58, 2, 0, 'ContentInfo'],
      [60, 11, 1, 'content type'],
      [71, 2, 1, 'content'],
      [73, 2, 2, 'EncryptedData'],
      [75, 3, 3, 'version'],
      [78, 2, 3, 'EncryptedContentInfo'],
      [80, 11, 4, 'inner content type'],
      [91, 17, 4, 'algorithm'],
      [108, 12, 5, 'initialization vector'],
      [120, 3, 5, 'length of the tag'],
      [123, 2, 4, 'encrypted content'],
      [125, 11, 5, 'sealed frame'],
      [136, 32, 5, 'sealed plaintext'],
      [168, 16, 5, 'GCM tag'],
    ])
    expect(toHex(bytesNamed(blob, annotations, 'KeyMaterialId'))).toBe(toHex(key.materialId))
    // The header is additional data, what follows is ciphertext, and the tag is neither.
    expect(new Set(annotations.map(({ authenticatedBy }) => authenticatedBy)).size).toBe(3)
  })

  test('of every length of its lengths', async () => {
    const key = await createBlobKey()
    for (const length of [1, 35, 36, 49, 101, 160, 229, 4096]) {
      const blob = await sealWith(key, new Uint8Array(length))
      const annotations = annotationsOf(annotateBlob(blob))
      expectCovered(annotations, blob.length)
      expect(bytesNamed(blob, annotations, 'sealed plaintext')).toHaveLength(length)
      const rest = annotations.find(({ name }) => name === 'length of the rest')
      expect(rest?.meaning).toBe(`${blob.length - 58} bytes`)
      expect(annotations.find(({ name }) => name === 'ContentInfo')?.meaning).toMatch(/^SEQUENCE of \d+ bytes$/)
    }
  })

  test('with a wrong byte: which field is wrong', async () => {
    const blob = await sealWith(await createBlobKey(), new Uint8Array(32))
    const refusalAt = (at: number) => annotateBlob(blob.with(at, 0xee))
    expect(refusalAt(1)).toEqual({
      refusal: 'not a ciphertext blob: format at offset 0 is not what a blob of 184 bytes has there',
    })
    expect(complaintOf(refusalAt(57))).toContain('length of the rest at offset 54')
    expect(complaintOf(refusalAt(91))).toContain('algorithm at offset 91')
    expect(annotateBlob(blob.subarray(0, 20))).toMatchObject({
      refusal: 'not a ciphertext blob: no plaintext makes one of 20 bytes',
    })
  })

  test('changed or cut anywhere: refused or annotated whole', async () => {
    const blob = await sealWith(await createBlobKey(), Uint8Array.of(7))
    for (const changed of [...eachBitFlipped(blob), ...eachLengthChanged(blob)]) {
      expectRefusedOrCovered(annotateBlob(changed), changed)
    }
  })
})

describe("a context's canonical form", () => {
  test('field by field', () => {
    const form = encodeEncryptionContext({ b: '', a: 'ü' })
    const annotations = annotationsOf(annotateContext(form))
    expectCovered(annotations, form.length)
    expect(annotations.map(({ name, meaning }) => [name, meaning])).toEqual([
      ['length of a key', '1 byte'],
      ['key', '"a"'],
      ['length of a value', '2 bytes'],
      ['value', '"ü"'],
      ['length of a key', '1 byte'],
      ['key', '"b"'],
      ['length of a value', '0 bytes'],
    ])
  })

  test('only the canonical form is one', () => {
    const a = encodeEncryptionContext({ a: '1' })
    const b = encodeEncryptionContext({ b: '2' })
    expect(decodeEncryptionContext(Uint8Array.of(...a, ...b))).toEqual({ a: '1', b: '2' })
    for (const form of [
      Uint8Array.of(...b, ...a),
      Uint8Array.of(...a, ...a),
      Uint8Array.of(0, 0, 0, 1, 0xff),
      a.slice(1),
    ]) {
      expect(decodeEncryptionContext(form)).toBeUndefined()
      expect(annotateContext(form)).toEqual({ refusal: 'not the canonical form of an encryption context' })
    }
  })

  test('a name that objects have a use for is a key like any other', () => {
    const context = Object.fromEntries([['__proto__', 'x']])
    const decoded = decodeEncryptionContext(encodeEncryptionContext(context)) ?? {}
    expect(Object.entries(decoded)).toEqual([['__proto__', 'x']])
  })
})

describe.each(Object.keys(MESSAGE_SUITES) as MessageSuiteName[])('a message under %s', (suite) => {
  let message: Uint8Array
  beforeAll(async () => {
    message = await encryptMessage({ suite, frameLength: 8, context: { order: '4711' } })
  })

  test('header, frames, footer', () => {
    const annotated = annotateMessage(message)
    const annotations = annotationsOf(annotated)
    expectCovered(annotations, message.length)
    expect(annotated).not.toHaveProperty('remark')
    const meanings = Object.fromEntries(annotations.map(({ name, meaning }) => [name, meaning]))
    expect(meanings).toMatchObject({
      'format version': '2',
      'algorithm suite': suite,
      'number of data keys': '1',
      'provider id': 'aws-kms',
      'content type': 'framed',
      'frame length': '8 bytes',
    })
    expect(meanings['provider info']).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//)
    expect(meanings['encrypted data key']).toBe('184 bytes, a ciphertext blob: inspect it by itself')
    const texts = annotations.filter(({ name }) => name === 'key' || name === 'value').map(({ meaning }) => meaning)
    expect(texts).toEqual(expect.arrayContaining(['order', '4711']))
    // 20 bytes in frames of 8: two whole ones and the last.
    const contents = annotations.filter(({ name }) => name === 'sealed content').map(({ length }) => length)
    expect(contents).toEqual([8, 8, 4])
    expect(annotations.some(({ name }) => name === 'signature')).toBe(suite.endsWith('ECDSA_P384'))
    expectCovered(annotationsOf(annotateBlob(bytesNamed(message, annotations, 'encrypted data key'))), 184)
  })

  test('cut off anywhere: told as far as it goes, with a remark', () => {
    for (let length = 3; length < message.length; length++) {
      const cut = message.subarray(0, length)
      const annotated = annotateMessage(cut)
      expectCovered(annotationsOf(annotated), length)
      expect(complaintOf(annotated)).toMatch(/^the message ends /)
    }
  })

  test('with a bit changed: refused or annotated whole', () => {
    for (const changed of eachBitFlipped(message)) expectRefusedOrCovered(annotateMessage(changed), changed)
  })

  test('followed by a byte, and with frames in another order', () => {
    const longer = annotateMessage(Uint8Array.of(...message, 0))
    expect(longer).toMatchObject({ remark: 'bytes behind the end of the message' })
    const annotations = annotationsOf(longer)
    expect(annotations.at(-1)).toMatchObject({ kind: 'unparsed', offset: message.length, length: 1 })
    const second = annotations.filter(({ name }) => name === 'sequence number')[1]
    const swapped = annotateMessage(message.with((second?.offset ?? 0) + 3, 9))
    expect(swapped).toMatchObject({ remark: 'frame 9 stands where frame 2 should' })
  })
})

test('more frames than are told one by one end in bytes that are not', async () => {
  const message = await encryptMessage({ frameLength: 1 }, 1500)
  const annotated = annotateMessage(message)
  expectCovered(annotationsOf(annotated), message.length)
  expect(annotated).toMatchObject({ remark: 'more than 1000 frames' })
})

test('what does not begin as a message', () => {
  expect(complaintOf(annotateMessage(Uint8Array.of(1, 0x80, 0x01, 0x78)))).toContain('one of version 1')
  expect(complaintOf(annotateMessage(Uint8Array.of(2, 0x01, 0x78)))).toContain('a suite that commits')
  expect(annotateMessage(new Uint8Array(0))).toHaveProperty('refusal')
})

async function encryptMessage(options: Partial<EncryptStreamOptions>, plaintextLength = 20): Promise<Uint8Array> {
  const kms = await createKms()
  const { KeyMetadata } = await kms.createKey()
  async function* plaintext() {
    yield new Uint8Array(plaintextLength)
  }
  const keyIds = [KeyMetadata?.KeyId ?? '']
  const pieces: Uint8Array[] = []
  for await (const piece of encryptStream(plaintext(), { kms, provider: nobleProvider, keyIds, ...options })) {
    pieces.push(piece)
  }
  return Uint8Array.from(Buffer.concat(pieces))
}
