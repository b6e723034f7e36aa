/** Messages: what goes in comes out, under every key, in constant memory, and nothing secret stays behind. */

import { randomBytes } from 'node:crypto'
import { type KeyService, MessageError, type MessageSummary, decryptStream, encryptStream } from '@softkms/envelope'
import { type Entropy, nobleProvider, systemEntropy } from '@softkms/hsm'
import type { Kms } from 'softkms'
import { beforeAll, describe, expect, it } from 'vitest'
import { forgeMessage } from '../support/message-forger.ts'
import {
  SIGNED,
  SUITES,
  UNSIGNED,
  collect,
  createMessageKms,
  decryptBytes,
  encryptBytes,
  inPieces,
} from '../support/message-kms.ts'
import { nativeProvider } from '../support/providers.ts'

let kms: Kms
let keys: readonly [string, string, string]
beforeAll(async () => {
  ;({ kms, keys } = await createMessageKms())
})

describe.each(SUITES)('%s', (suite) => {
  it.each([0, 1, 15, 16, 17, 32, 33, 1_000, 300_000])('%i bytes come back', async (length) => {
    const plaintext = randomBytes(length)
    const frameLength = length > 100_000 ? 4_096 : 16
    const message = await encryptBytes(kms, keys, plaintext, { suite, frameLength })
    expect(Buffer.compare(await decryptBytes(kms, message), plaintext)).toBe(0)
  })

  it('has one length for one length of plaintext, frames included, and ends with a last frame that may be full', async () => {
    const lengthOf = async (length: number) =>
      (await encryptBytes(kms, keys, new Uint8Array(length), { suite: UNSIGNED, frameLength: 10 })).length
    const empty = await lengthOf(0)
    expect(await lengthOf(10)).toBe(empty + 10)
    // A frame that is not the last one: number, vector, content, tag.
    expect(await lengthOf(11)).toBe(empty + 11 + 32)
    expect(await lengthOf(30)).toBe(empty + 30 + 64)
  })

  it('opens with each of its keys alone, and with none that it was not made under', async () => {
    const [first, second, third] = keys
    const message = await encryptBytes(kms, [first, second], Buffer.from('text'), { suite })
    for (const key of [first, second]) {
      expect(String(await decryptBytes(kms, message, { keyArns: [key] }))).toBe('text')
    }
    await expect(decryptBytes(kms, message, { keyArns: [third] })).rejects.toMatchObject({ code: 'NO_DATA_KEY' })
  })

  it('opens with the second key while the first is disabled, and says why when no key is left', async () => {
    const own = await createMessageKms()
    const [first, second] = own.keys
    const message = await encryptBytes(own.kms, [first, second], Buffer.from('text'), { suite })
    await own.kms.disableKey({ KeyId: first })
    expect(String(await decryptBytes(own.kms, message))).toBe('text')
    await own.kms.disableKey({ KeyId: second })
    const reasonsFor = async (options: { readonly keyArns?: readonly string[] }): Promise<readonly string[]> => {
      const error: unknown = await decryptBytes(own.kms, message, options).catch((reason: unknown) => reason)
      if (!(error instanceof MessageError) || error.code !== 'NO_DATA_KEY') throw error
      return (error.cause instanceof AggregateError ? error.cause.errors : [error.cause]).map(String)
    }
    expect(await reasonsFor({})).toEqual(
      [first, second].map((key) => expect.stringContaining(`${key} is disabled.`) as string),
    )
    expect(await reasonsFor({ keyArns: [first] })).toEqual([expect.stringContaining(`${first} is disabled.`)])
  })

  it('takes wrapping keys in any form and names them by ARN', async () => {
    const [first, second] = keys
    await kms.createAlias({ AliasName: `alias/${suite}`, TargetKeyId: second })
    const keyIds = [first.split('/').at(-1) ?? '', `alias/${suite}`]
    const seen: MessageSummary[] = []
    const message = await encryptBytes(kms, keyIds, Buffer.from('text'), { suite, context: { tenant: 'a' } })
    await decryptBytes(kms, message, { onHeader: (summary) => seen.push(summary) })
    expect(seen.length).toBe(1)
    expect(seen[0]).toMatchObject({ suite, keyArns: [first, second], frameLength: 65_536, context: { tenant: 'a' } })
    expect(Object.keys(seen[0]?.context ?? {}).length).toBe(suite === SIGNED ? 2 : 1)
  })

  it('is the same to every provider', async () => {
    const plaintext = randomBytes(100)
    for (const [writer, reader] of [
      [nobleProvider, nativeProvider],
      [nativeProvider, nobleProvider],
    ] as const) {
      const message = await encryptBytes(kms, keys, plaintext, { suite, provider: writer, frameLength: 30 })
      expect(Buffer.from(await decryptBytes(kms, message, { provider: reader })).equals(plaintext)).toBe(true)
    }
  })
})

describe('the context', () => {
  it('holds whatever text there is, and may be insisted on', async () => {
    const context = { 1: 'one', '～': 'tilde', '😀': 'face', __proto__key: '', ['__proto__']: 'own', empty: '' }
    const message = await encryptBytes(kms, keys, Buffer.from('text'), { context })
    expect(String(await decryptBytes(kms, message, { context }))).toBe('text')
    expect(String(await decryptBytes(kms, message, { context: { empty: '' } }))).toBe('text')
    for (const other of [{ 1: 'two' }, { 2: 'one' }, { toString: 'one' }]) {
      await expect(decryptBytes(kms, message, { context: other })).rejects.toMatchObject({ code: 'CONTEXT_MISMATCH' })
    }
  })

  it('may be in another order, as early releases of another SDK had it', async () => {
    const context = [
      ['b', '1'],
      ['a', '2'],
    ] as const
    const message = await forgeMessage(kms, keys[0], { context })
    expect(String(await decryptBytes(kms, message, { context: { a: '2', b: '1' } }))).toBe('hello')
  })

  it('is all that KMS is told, each time', async () => {
    const requests: unknown[] = []
    const spy: KeyService = {
      generateDataKey: (request) => (requests.push(request), kms.generateDataKey(request)),
      encrypt: (request) => (requests.push({ ...request, Plaintext: undefined }), kms.encrypt(request)),
      decrypt: (request) => (requests.push({ ...request, CiphertextBlob: undefined }), kms.decrypt(request)),
    }
    const context = { tenant: 'a' }
    const options = { suite: UNSIGNED, context } as const
    await decryptBytes(spy, await encryptBytes(spy, keys.slice(0, 2), Buffer.from('text'), options))
    expect(requests).toEqual([
      { KeyId: keys[0], NumberOfBytes: 32, EncryptionContext: context },
      { KeyId: keys[1], EncryptionContext: context },
      { KeyId: keys[0], EncryptionContext: context },
    ])
  })
})

describe('streaming', () => {
  it('gives out what is ready before more of the plaintext is there, and asks for nothing beforehand', async () => {
    let asked = 0
    async function* slowly(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 3; i++) {
        asked += 1
        yield new Uint8Array(100)
      }
    }
    const message = encryptStream(slowly(), { kms, keyIds: keys, provider: nativeProvider, frameLength: 40 })
    expect(asked).toBe(0)
    await message.next()
    expect(asked).toBe(1)
    await message.next()
    expect(asked).toBe(2)
    await message.return()
    expect(asked).toBe(2)
  })

  it('gives out each frame as it authenticates, and the last one only when nothing follows', async () => {
    const message = await encryptBytes(kms, keys, Buffer.from('aaaabbbbcccc'), { frameLength: 4 })
    const seen: string[] = []
    let end = 0
    async function* bytewise(): AsyncGenerator<Uint8Array> {
      for (const byte of message) {
        end += 1
        yield Uint8Array.of(byte)
      }
    }
    for await (const piece of decryptStream(bytewise(), { kms, keyArns: keys, provider: nativeProvider })) {
      seen.push(`${String(Buffer.from(piece))} after ${end === message.length ? 'all' : 'some'}`)
    }
    expect(seen).toEqual(['aaaa after some', 'bbbb after some', 'cccc after all'])
  })

  it('closes what it reads when its reader leaves', async () => {
    const message = await encryptBytes(kms, keys, new Uint8Array(100), { frameLength: 10 })
    let isClosed = false
    async function* bytewise(): AsyncGenerator<Uint8Array> {
      try {
        for (const byte of message) yield Uint8Array.of(byte)
      } finally {
        isClosed = true
      }
    }
    const reading = decryptStream(bytewise(), { kms, keyArns: keys, provider: nativeProvider })
    await reading.next()
    await reading.return()
    expect(isClosed).toBe(true)
  })

  it('passes on what its source throws, and refuses a source of text', async () => {
    const failing = new Error('disk')
    // oxlint-disable-next-line require-yield -- it fails before
    async function* fail(): AsyncGenerator<Uint8Array> {
      throw failing
    }
    async function* text(): AsyncGenerator<Uint8Array> {
      yield 'text' as unknown as Uint8Array
    }
    const options = { kms, keyIds: keys, keyArns: keys, provider: nativeProvider }
    await expect(collect(encryptStream(fail(), options))).rejects.toBe(failing)
    await expect(collect(decryptStream(fail(), options))).rejects.toBe(failing)
    await expect(collect(encryptStream(text(), options))).rejects.toThrow(TypeError)
    await expect(collect(decryptStream(text(), options))).rejects.toThrow(TypeError)
  })

  it('holds no more than a few frames, however long the plaintext', async () => {
    const piece = new Uint8Array(65_536)
    async function* long(): AsyncGenerator<Uint8Array> {
      for (let i = 0; i < 1_000; i++) yield piece
    }
    let most = 0
    let total = 0
    const options = { kms, keyIds: keys, keyArns: keys, provider: nativeProvider, suite: UNSIGNED } as const
    for await (const output of decryptStream(encryptStream(long(), options), options)) {
      most = Math.max(most, output.length)
      total += output.length
    }
    expect(total).toBe(65_536_000)
    expect(most).toBeLessThanOrEqual(262_144)
  })
})

describe('secrets', () => {
  it.each([
    ['to its end', false],
    ['to its middle', true],
  ])('data keys and signing keys are overwritten when a stream has gone %s', async (_how, leaves) => {
    const secrets: Uint8Array[] = []
    const keep = <T extends { readonly Plaintext?: Uint8Array | undefined }>(answer: T): T => {
      if (answer.Plaintext !== undefined) secrets.push(answer.Plaintext)
      return answer
    }
    const spy: KeyService = {
      generateDataKey: async (request) => keep(await kms.generateDataKey(request)),
      encrypt: (request) => kms.encrypt(request),
      decrypt: async (request) => keep(await kms.decrypt(request)),
    }
    const provider = {
      ...nativeProvider,
      generateScalar: (...args: Parameters<typeof nativeProvider.generateScalar>) => {
        const scalar = nativeProvider.generateScalar(...args)
        secrets.push(scalar)
        return scalar
      },
      sealAesGcm: (...args: Parameters<typeof nativeProvider.sealAesGcm>) => {
        secrets.push(args[0])
        return nativeProvider.sealAesGcm(...args)
      },
      openAesGcm: (...args: Parameters<typeof nativeProvider.openAesGcm>) => {
        secrets.push(args[0])
        return nativeProvider.openAesGcm(...args)
      },
    }
    const options = { kms: spy, keyIds: keys, keyArns: keys, provider, frameLength: 10 }
    const plaintext = (): AsyncIterable<Uint8Array> => inPieces(new Uint8Array(100), 10)
    const message = await collect(encryptStream(plaintext(), options))
    for (const stream of [encryptStream(plaintext(), options), decryptStream(inPieces(message, 50), options)]) {
      if (leaves) {
        await stream.next()
        await stream.return()
      } else await collect(stream)
    }
    expect(secrets.length).toBeGreaterThan(10)
    expect(secrets.every((secret) => secret.length > 0 && secret.every((byte) => byte === 0))).toBe(true)
  })

  it('the data key is overwritten when a further key will not encrypt it', async () => {
    const secrets: Uint8Array[] = []
    const spy: KeyService = {
      async generateDataKey(request) {
        const answer = await kms.generateDataKey(request)
        secrets.push(answer.Plaintext ?? new Uint8Array(1).fill(1))
        return answer
      },
      encrypt: (request) => kms.encrypt(request),
      decrypt: (request) => kms.decrypt(request),
    }
    const missing = `${keys[0].slice(0, -12)}000000000000`
    await expect(encryptBytes(spy, [keys[0], missing], Buffer.from('text'))).rejects.toThrow(`Key '${missing}'`)
    expect(secrets.map((secret) => secret.every((byte) => byte === 0))).toEqual([true])
  })

  it('message ids and signing keys come from the entropy that was given', async () => {
    let drawn = 0
    const entropy: Entropy = {
      fill(bytes) {
        drawn += bytes.length
        systemEntropy.fill(bytes)
      },
    }
    await encryptBytes(kms, keys, Buffer.from('text'), { entropy, suite: UNSIGNED })
    expect(drawn).toBe(32)
    await encryptBytes(kms, keys, Buffer.from('text'), { entropy, suite: SIGNED })
    expect(drawn).toBeGreaterThan(64 + 48)
  })
})
