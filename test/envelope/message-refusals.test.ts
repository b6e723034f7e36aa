/** What is no message is refused, each time for one fault alone, and before KMS is asked if that can be. */

import { type KeyService, decryptStream, encryptStream } from '@softkms/envelope'
import { type Kms } from 'softkms'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Forgery, finalFrame, forgeMessage, uint } from '../support/message-forger.ts'
import { UNSIGNED, createMessageKms, decryptBytes, encryptBytes, inPieces } from '../support/message-kms.ts'
import { nativeProvider } from '../support/providers.ts'

let kms: Kms
let keys: readonly [string, string, string]
let key: string
beforeAll(async () => {
  ;({ kms, keys } = await createMessageKms())
  key = keys[0]
})

const FRAME = 16
const regular = { content: new Uint8Array(FRAME).fill(1) }
const other = { content: new Uint8Array(FRAME).fill(2) }

/** A KMS that counts how often it is asked to decrypt. */
function counting(): { readonly kms: KeyService; readonly count: () => number } {
  let count = 0
  return {
    count: () => count,
    kms: {
      generateDataKey: (request) => kms.generateDataKey(request),
      encrypt: (request) => kms.encrypt(request),
      decrypt(request) {
        count += 1
        return kms.decrypt(request)
      },
    },
  }
}

/** Where the footer begins: two bytes of a length, and then a DER sequence as long as that up to the end. */
function footerOf(message: Buffer): number {
  for (let length = 96; length <= 104; length++) {
    const at = message.length - length - 2
    if (message.readUInt16BE(at) === length && message[at + 2] === 0x30) return at
  }
  throw new Error('the message has no signature')
}

async function expectRefused(message: Uint8Array, code: string, decryptions: number, options = {}): Promise<void> {
  const counter = counting()
  await expect(decryptBytes(counter.kms, message, options)).rejects.toMatchObject({ name: 'MessageError', code })
  expect(counter.count()).toBe(decryptions)
}

const text = (value: string): Buffer => Buffer.concat([uint(2, value.length), Buffer.from(value)])
const aadOf = (...parts: readonly Buffer[]): Buffer => {
  const bytes = Buffer.concat(parts)
  return Buffer.concat([uint(2, bytes.length), bytes])
}

describe('before KMS is asked', () => {
  it.each<[string, string, Forgery]>([
    ['version 1', 'UNSUPPORTED_MESSAGE', { version: 1 }],
    ['a version of the future', 'UNSUPPORTED_MESSAGE', { version: 3 }],
    ['a suite that does not commit', 'UNSUPPORTED_MESSAGE', { suiteId: 0x0178 }],
    ['a suite that does not commit, and signs', 'UNSUPPORTED_MESSAGE', { suiteId: 0x0378 }],
    ['a suite that nobody knows', 'UNSUPPORTED_MESSAGE', { suiteId: 0x0678 }],
    ['content that is not framed', 'UNSUPPORTED_MESSAGE', { contentType: 1 }],
    ['a content type that nobody knows', 'UNSUPPORTED_MESSAGE', { contentType: 3 }],
    ['frames without length', 'INVALID_MESSAGE', { frameLength: 0 }],
    ['frames that are too long', 'LIMIT_EXCEEDED', { frameLength: 16_777_217 }],
    ['no encrypted data key', 'INVALID_MESSAGE', { dataKeyCount: 0 }],
    ['too many encrypted data keys', 'LIMIT_EXCEEDED', { dataKeyCount: 33 }],
    ['data keys of somebody else', 'NO_DATA_KEY', { providerId: 'aws-kmt' }],
    ['data keys of somebody whose name begins so', 'NO_DATA_KEY', { providerId: 'aws-kms-mrk' }],
    ['a suite that signs without a public key', 'INVALID_MESSAGE', { publicKey: undefined }],
    ['a public key that is none', 'INVALID_MESSAGE', { publicKey: 'A'.repeat(66) + '==' }],
    ['a public key that is no base64', 'INVALID_MESSAGE', { publicKey: '!' }],
    ['a public key and a suite that does not sign', 'INVALID_MESSAGE', { suiteId: 0x0478, publicKey: 'A' }],
    ['a context of no pairs', 'INVALID_MESSAGE', { suiteId: 0x0478, aad: aadOf(uint(2, 0)) }],
    ['a context of half a count', 'INVALID_MESSAGE', { suiteId: 0x0478, aad: aadOf(uint(1, 0)) }],
    [
      'a context with fewer pairs than it says',
      'INVALID_MESSAGE',
      { suiteId: 0x0478, aad: aadOf(uint(2, 2), text('a'), text('b')) },
    ],
    [
      'a context with more pairs than it says',
      'INVALID_MESSAGE',
      { suiteId: 0x0478, aad: aadOf(uint(2, 1), ...['a', 'b', 'c', 'd'].map(text)) },
    ],
    [
      'a context with a pair twice',
      'INVALID_MESSAGE',
      { suiteId: 0x0478, aad: aadOf(uint(2, 2), ...['a', 'b', 'a', 'b'].map(text)) },
    ],
    [
      'a context with a text that is too long',
      'INVALID_MESSAGE',
      { suiteId: 0x0478, aad: aadOf(uint(2, 1), text('a'), uint(2, 9)) },
    ],
    [
      'a context that is no UTF-8',
      'INVALID_MESSAGE',
      { suiteId: 0x0478, aad: aadOf(uint(2, 1), text('a'), uint(2, 1), uint(1, 0xff)) },
    ],
  ])('%s', async (_what, code, forgery) => {
    await expectRefused(await forgeMessage(kms, key, forgery), code, 0)
  })

  it('nothing at all', () => expectRefused(new Uint8Array(), 'INVALID_MESSAGE', 0))

  it('base64 of a message', async () => {
    const message = await forgeMessage(kms, key)
    await expectRefused(Buffer.from(message.toString('base64')), 'UNSUPPORTED_MESSAGE', 0)
  })

  it('what exceeds limits that were set', async () => {
    const message = await forgeMessage(kms, key, { dataKeyCount: 2 })
    await expectRefused(message, 'LIMIT_EXCEEDED', 0, { maxEncryptedDataKeys: 1 })
    await expectRefused(message, 'LIMIT_EXCEEDED', 0, { maxFrameLength: FRAME - 1 })
    expect(String(await decryptBytes(kms, message, { maxEncryptedDataKeys: 2, maxFrameLength: FRAME }))).toBe('hello')
  })

  it('a key that is not allowed', async () => {
    await expectRefused(await forgeMessage(kms, key), 'NO_DATA_KEY', 0, { keyArns: keys.slice(1) })
  })
})

describe('by one code and one message, whatever is wrong with what is sealed', () => {
  it.each<[string, Forgery]>([
    ['a commitment to another data key', { commitment: new Uint8Array(32) }],
    ['no last frame', { frames: [regular] }],
    ['no frame at all', { frames: [] }],
    ['frames in another order', { frames: [{ ...other, sequence: 2 }, { ...regular, sequence: 1 }, finalFrame('')] }],
    ['a frame twice', { frames: [regular, { ...regular, sequence: 1 }, { ...finalFrame(''), sequence: 2 }] }],
    ['a frame left out', { frames: [regular, { ...finalFrame(''), sequence: 3 }] }],
    ['frames that begin with zero', { frames: [{ ...finalFrame(''), sequence: 0 }] }],
    ['frames that begin with two', { frames: [{ ...finalFrame(''), sequence: 2 }] }],
    ['a vector that is not the number', { frames: [{ ...finalFrame('hello'), iv: Buffer.alloc(12, 7) }] }],
    ['a last frame longer than a frame', { frames: [finalFrame('longer than sixteen')] }],
    ['a length that is not the last frame’s', { frames: [{ ...finalFrame('hello'), length: 4 }] }],
    ['a length beyond the end', { frames: [{ ...finalFrame('hello'), length: 0xffff_ffff }] }],
    ['a frame after the last one', { frames: [finalFrame('hello'), { ...finalFrame('hello'), sequence: 2 }] }],
    ['a frame with a length of its own', { frames: [{ content: new Uint8Array(FRAME - 1) }, finalFrame('')] }],
    ['a signature left out', { isSigned: false }],
    ['a signature too many', { suiteId: 0x0478, isSigned: true }],
  ])('%s', async (_what, forgery) => {
    const message = await forgeMessage(kms, key, { frameLength: FRAME, ...forgery })
    const refusal = { code: 'INVALID_MESSAGE', message: 'The message is damaged or incomplete.' }
    await expect(decryptBytes(kms, message)).rejects.toMatchObject(refusal)
  })

  it('a signature of somebody else, an empty one, a longer one, and anything behind it', async () => {
    const message = await forgeMessage(kms, key)
    const another = await forgeMessage(kms, key)
    const at = footerOf(message)
    for (const footer of [
      another.subarray(footerOf(another)),
      uint(2, 0),
      Buffer.concat([uint(2, message.length - at - 1), message.subarray(at + 2), uint(1, 0)]),
      Buffer.concat([message.subarray(at), uint(1, 0)]),
    ]) {
      const changed = Buffer.concat([message.subarray(0, at), footer])
      await expect(decryptBytes(kms, changed)).rejects.toMatchObject({ code: 'INVALID_MESSAGE' })
    }
    expect(String(await decryptBytes(kms, Buffer.concat([message.subarray(0, at), message.subarray(at)])))).toBe(
      'hello',
    )
  })

  it('the forger is not refused for being one', async () => {
    const frames = [regular, other, finalFrame('hello')]
    for (const suiteId of [0x0478, 0x0578]) {
      const plaintext = await decryptBytes(kms, await forgeMessage(kms, key, { suiteId, frames }))
      expect(Buffer.from(plaintext).equals(Buffer.concat(frames.map(({ content }) => content)))).toBe(true)
    }
  })
})

describe('a KMS that is not one', () => {
  it.each<[string, (request: { readonly KeyId: string }) => object]>([
    ['answers without a data key', ({ KeyId }) => ({ KeyId })],
    ['answers with a shorter one', ({ KeyId }) => ({ KeyId, Plaintext: new Uint8Array(16) })],
    ['answers for another key', () => ({ KeyId: keys[1], Plaintext: new Uint8Array(32) })],
    ['answers for no key', () => ({ Plaintext: new Uint8Array(32) })],
  ])('%s', async (_what, answer) => {
    const impostor = { ...kms, decrypt: async (request: { readonly KeyId: string }) => answer(request) }
    const message = await forgeMessage(kms, key)
    await expect(decryptBytes(impostor, message)).rejects.toMatchObject({ code: 'NO_DATA_KEY' })
  })

  it('answers with another data key', async () => {
    const impostor = {
      ...kms,
      decrypt: async (request: { readonly KeyId: string }) => ({ KeyId: request.KeyId, Plaintext: new Uint8Array(32) }),
    }
    await expect(decryptBytes(impostor, await forgeMessage(kms, key))).rejects.toMatchObject({
      code: 'INVALID_MESSAGE',
    })
  })

  it.each(['Plaintext', 'CiphertextBlob', 'KeyId'] as const)('generates a data key without %s', async (member) => {
    const impostor: KeyService = {
      ...kms,
      generateDataKey: async (request) => ({ ...(await kms.generateDataKey(request)), [member]: undefined }),
    }
    await expect(encryptBytes(impostor, [key], Buffer.from('text'))).rejects.toThrow(TypeError)
  })
})

describe('options', () => {
  const encryptWith = (options: object): unknown =>
    encryptStream(inPieces(new Uint8Array()), { kms, keyIds: [key], provider: nativeProvider, ...options })
  const decryptWith = (options: object): unknown =>
    decryptStream(inPieces(new Uint8Array()), { kms, keyArns: [key], provider: nativeProvider, ...options })

  it.each([
    [{ keyIds: [] }],
    [{ keyIds: Array.from({ length: 33 }, () => 'key') }],
    [{ maxEncryptedDataKeys: 0 }],
    [{ maxEncryptedDataKeys: 65_536 }],
    [{ frameLength: 0 }],
    [{ frameLength: 1.5 }],
    [{ frameLength: 16_777_217 }],
    [{ suite: 'AES_256_GCM_IV12_TAG16' }],
    [{ suite: 'toString' }],
    [{ context: { 'aws-crypto-public-key': 'A' } }],
    [{ context: { 'aws-crypto-': '' } }],
    [{ context: { lone: '\uD800' } }],
  ])('encryptStream refuses %j at once', (options) => {
    expect(() => encryptWith(options)).toThrow(RangeError)
  })

  it.each([
    [{ keyArns: [] }],
    [{ keyArns: ['alias/name'] }],
    [{ maxFrameLength: 0 }],
    [{ maxFrameLength: 4_294_967_296 }],
    [{ maxEncryptedDataKeys: -1 }],
    [{ context: { lone: '\uD800' } }],
  ])('decryptStream refuses %j at once', (options) => {
    expect(() => decryptWith(options)).toThrow(RangeError)
  })

  it('a context that is no object of strings is a TypeError', () => {
    expect(() => encryptWith({ context: new Map([['a', 'b']]) })).toThrow(TypeError)
    expect(() => decryptWith({ context: { a: 1 } })).toThrow(TypeError)
  })

  it('a context that no header can hold is refused before KMS is asked', async () => {
    const none: KeyService = { ...kms, generateDataKey: () => Promise.reject(new Error('asked')) }
    for (const context of [{ a: 'a'.repeat(65_536) }, { a: 'a'.repeat(40_000), b: 'b'.repeat(40_000) }]) {
      const encrypting = encryptBytes(none, [key], new Uint8Array(), { context, suite: UNSIGNED })
      await expect(encrypting).rejects.toThrow('must be at most 65535 bytes')
    }
  })
})
