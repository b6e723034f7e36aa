/** A command that is not well formed is its caller's mistake: an error that names the argument, and nothing done. */
import type { Hsm, KeyToken, OpenSealedCommand, SealCommand, SealTarget } from '@softkms/hsm'
import { createHsm } from '@softkms/hsm'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { headerOf, layout, NEW_KEY, open, openCommand, seal } from '../support/hsm-fixture.ts'

const BYTES = Uint8Array.of(1, 2, 3)

async function setScene(): Promise<{ readonly hsm: Hsm; readonly token: KeyToken }> {
  const hsm = createHsm()
  const { token } = await hsm.generateKey(NEW_KEY)
  return { hsm, token }
}

/** Each of these, `Uint8Array.prototype.set` would take for some bytes or other. */
const NOT_BYTES: readonly (readonly [string, unknown])[] = [
  ['text', 'abc'],
  ['digits', '123'],
  ['an array', [1, 2, 3]],
  ['an array buffer', BYTES.buffer],
  ['16-bit integers', Uint16Array.of(256, 512)],
  ['signed bytes', Int8Array.of(1)],
  ['clamped bytes', Uint8ClampedArray.of(1)],
  ['a view', new DataView(new ArrayBuffer(3))],
  ['an object like an array', { length: 3, 0: 1, 1: 2, 2: 3 }],
  ['an object that calls itself one', { length: 3, [Symbol.toStringTag]: 'Uint8Array' }],
  ['an object that has its prototype', Object.create(Uint8Array.prototype)],
  ['null', null],
  ['nothing', undefined],
]

describe.each(NOT_BYTES)('%s', (_, value) => {
  const notBytes = value as Uint8Array

  test.each([
    ['plaintext', { plaintext: notBytes }],
    ['additionalData', { additionalData: notBytes }],
    ['header.bytes', { layout: () => headerOf(notBytes ?? null) }],
    ['token', { token: notBytes as KeyToken }],
  ])('is no %s to seal with', async (name, change) => {
    const { hsm, token } = await setScene()
    const command: SealTarget & SealCommand = { token, layout, additionalData: BYTES, plaintext: BYTES, ...change }
    await expect(hsm.seal(command)).rejects.toThrow(new TypeError(`${name} must be a Uint8Array`))
    if (name === 'plaintext') return
    const drawing = hsm.generateSealedDataKey({ ...command, length: 32, isPlaintextWanted: true })
    await expect(drawing).rejects.toThrow(new TypeError(`${name} must be a Uint8Array`))
  })

  test.each([
    ['ciphertext', { ciphertext: notBytes }],
    ['additionalData', { additionalData: notBytes }],
    ['header.bytes', { header: headerOf(notBytes ?? null) }],
    ['token', { token: notBytes as KeyToken }],
  ])('is no %s to open with', async (name, change) => {
    const { hsm, token } = await setScene()
    const command: OpenSealedCommand = { ...openCommand(token, await seal(hsm, token, BYTES)), ...change }
    await expect(hsm.open(command)).rejects.toThrow(new TypeError(`${name} must be a Uint8Array`))
    const destination = { token, layout, additionalData: BYTES }
    const resealing = hsm.reseal({ source: command, destination })
    await expect(resealing).rejects.toThrow(new TypeError(`${name} must be a Uint8Array`))
  })

  test('is no token to unload', async () => {
    const attempt = createHsm().unload(notBytes as KeyToken)
    await expect(attempt).rejects.toThrow(new TypeError('token must be a Uint8Array'))
  })
})

test.each([
  ['a Buffer', Buffer.from(BYTES)],
  ['an array of another realm', runInNewContext('Uint8Array.of(1, 2, 3)') as Uint8Array],
  ['a part of a larger one', Uint8Array.of(0, 1, 2, 3, 4).subarray(1, 4)],
  ['an array over shared memory', new Uint8Array(new SharedArrayBuffer(3)).fill(1)],
])('%s is bytes', async (_, bytes) => {
  const { hsm, token } = await setScene()
  const sealed = await seal(hsm, token, bytes, bytes)
  const plaintext = await open(hsm, token, sealed, Uint8Array.from(bytes))
  expect(plaintext).toEqual(Uint8Array.from(bytes))
})

const NO_ROOM = new RangeError('header must hold the nonce and the initialization vector side by side')

test.each([
  ['shorter than both', { bytes: new Uint8Array(27), nonceOffset: 0, ivOffset: 16 }],
  ['empty', { bytes: new Uint8Array(0), nonceOffset: 0, ivOffset: 0 }],
  ['whose nonce ends outside', { bytes: new Uint8Array(40), nonceOffset: 25, ivOffset: 0 }],
  ['whose vector ends outside', { bytes: new Uint8Array(40), nonceOffset: 0, ivOffset: 29 }],
  ['whose nonce begins outside', { bytes: new Uint8Array(40), nonceOffset: -1, ivOffset: 20 }],
  ['whose vector begins outside', { bytes: new Uint8Array(40), nonceOffset: 20, ivOffset: -1 }],
  ['whose parts overlap by one byte', { bytes: new Uint8Array(40), nonceOffset: 0, ivOffset: 15 }],
  ['whose parts overlap by one byte, the other way round', { bytes: new Uint8Array(40), nonceOffset: 11, ivOffset: 0 }],
  ['whose parts are the same', { bytes: new Uint8Array(40), nonceOffset: 4, ivOffset: 4 }],
  ['with half an offset', { bytes: new Uint8Array(40), nonceOffset: 0.5, ivOffset: 20 }],
  ['with an offset that is no number', { bytes: new Uint8Array(40), nonceOffset: Number.NaN, ivOffset: 20 }],
  ['with an offset that is text', { bytes: new Uint8Array(40), nonceOffset: '0' as unknown as number, ivOffset: 20 }],
])('a header %s is refused', async (_, header) => {
  const { hsm, token } = await setScene()
  const target = { token, layout: () => header, additionalData: BYTES }
  await expect(hsm.seal({ ...target, plaintext: BYTES })).rejects.toThrow(NO_ROOM)
  await expect(hsm.open({ token, header, additionalData: BYTES, ciphertext: new Uint8Array(28) })).rejects.toThrow(
    NO_ROOM,
  )
  await expect(hsm.generateSealedDataKey({ ...target, length: 32, isPlaintextWanted: false })).rejects.toThrow(NO_ROOM)
  const source = openCommand(token, await seal(hsm, token, BYTES))
  await expect(hsm.reseal({ source, destination: target })).rejects.toThrow(NO_ROOM)
  await expect(hsm.reseal({ source: { ...source, header }, destination: { ...target, layout } })).rejects.toThrow(
    NO_ROOM,
  )
})

/** Gives each of these in turn, and the last one from then on. */
function changing<T>(...values: readonly T[]): () => T {
  let looks = 0
  return () => values[Math.min(looks++, values.length - 1)] as T
}

describe('a member that is another at the second look is looked at once:', () => {
  test('the usage of a new key', async () => {
    const usage = changing<'ENCRYPT_DECRYPT' | 'SIGN_VERIFY'>('ENCRYPT_DECRYPT', 'SIGN_VERIFY')
    const hsm = createHsm()
    const { token } = await hsm.generateKey({
      ...NEW_KEY,
      get keyUsage() {
        return usage()
      },
    })
    await expect(seal(hsm, token, BYTES)).resolves.toBeDefined()
  })

  test('the algorithm of a signature', async () => {
    const hsm = createHsm()
    const { token } = await hsm.generateKey({
      ...NEW_KEY,
      keySpec: 'ECC_NIST_EDWARDS25519',
      keyUsage: 'SIGN_VERIFY',
    })
    const type = changing<'RAW' | 'DIGEST'>('RAW', 'DIGEST')
    const command = { token, algorithm: 'ED25519_SHA_512', message: BYTES } as const
    const signature = await hsm.sign({
      ...command,
      get messageType() {
        return type()
      },
    })
    expect(await hsm.verify({ ...command, messageType: 'RAW', signature })).toBe(true)
  })

  test('where a header has its nonce', async () => {
    const { hsm, token } = await setScene()
    const offset = changing(0, 16)
    const shifting = () => ({
      ...layout(),
      get nonceOffset() {
        return offset()
      },
    })
    const sealed = await hsm.seal({ token, layout: shifting, additionalData: BYTES, plaintext: BYTES })
    expect(await open(hsm, token, sealed, BYTES)).toEqual(BYTES)
  })
})
