/**
 * The eleven bytes before every plaintext: what authenticates is opened only when they are what the HSM writes.
 *
 * Nobody without the key can make such a message, and the HSM makes none; here the material is known.
 */
import { FRAME_LENGTH, MAX_PLAINTEXT_LENGTH, type Provider, nobleProvider } from '@softkms/hsm'
import { expect, test } from 'vitest'
import { type Frame, deriveMessageKey, forge, frameByHand } from '../../tools/blob-vectors/forge.ts'
import { type KnownKey, createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { expectHsmError, layout, open, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('attack at dawn')

function sealByHand({ material, materialId }: KnownKey, framed: Uint8Array): Uint8Array {
  const header = Uint8Array.from({ length: 28 }, (_, i) => i)
  const [nonce, iv] = [header.subarray(0, 16), header.subarray(16)]
  return forge({ material, materialId, header, nonce, iv, additionalData: new Uint8Array(0), framed })
}

test('the HSM writes version 1, the purpose, the length and five zeros', async () => {
  const framed: Uint8Array[] = []
  const provider: Provider = {
    ...nobleProvider,
    sealAesGcm(key, nonce, additionalData, plaintext) {
      framed.push(plaintext.slice(0, FRAME_LENGTH))
      return nobleProvider.sealAesGcm(key, nonce, additionalData, plaintext)
    },
  }
  const { hsm, token } = await createKnownKey('frames', 'k', provider)
  framed.length = 0
  const target = { token, layout, additionalData: new Uint8Array(0) }
  await hsm.seal({ ...target, plaintext: new Uint8Array(0x1000) })
  await hsm.generateSealedDataKey({ ...target, length: 0x0102, isPlaintextWanted: false })
  expect(framed).toEqual([
    Uint8Array.of(1, 1, 0, 0, 0x10, 0, 0, 0, 0, 0, 0),
    Uint8Array.of(1, 2, 0, 0, 1, 2, 0, 0, 0, 0, 0),
  ])
})

test.each([
  ['a message', 1],
  ['a data key', 2],
  ["a key pair's private key", 3],
])('%s that was sealed by hand opens', async (_, purpose) => {
  const key = await createKnownKey('by hand', 'k')
  for (const length of [1, 255, 256, MAX_PLAINTEXT_LENGTH]) {
    const plaintext = new Uint8Array(length).fill(7)
    expect(await open(key.hsm, key.token, sealByHand(key, frameByHand(plaintext, { purpose })))).toEqual(plaintext)
  }
})

const WRONG: readonly (readonly [string, Frame])[] = [
  ['version 0', { version: 0 }],
  ['version 2', { version: 2 }],
  ['purpose 0', { purpose: 0 }],
  ['purpose 4', { purpose: 4 }],
  ['purpose 255', { purpose: 255 }],
  ['a length one too small', { length: PLAINTEXT.length - 1 }],
  ['a length one too large', { length: PLAINTEXT.length + 1 }],
  ['a length of zero', { length: 0 }],
  ['a length with a bit in its first byte', { length: 0x0100_0000 + PLAINTEXT.length }],
  ['a length with a bit in its second byte', { length: 0x0001_0000 + PLAINTEXT.length }],
  ['a length with a bit in its third byte', { length: 0x0000_0100 + PLAINTEXT.length }],
  ...[0, 1, 2, 3, 4].map(
    (at) => [`a reserved byte ${at} that is not zero`, { reserved: [0, 0, 0, 0, 0].with(at, 1) }] as const,
  ),
]

test.each(WRONG)('%s is refused', async (_, frame) => {
  const key = await createKnownKey('by hand', 'k')
  const sealed = sealByHand(key, frameByHand(PLAINTEXT, frame))
  await expectHsmError(open(key.hsm, key.token, sealed), 'AUTHENTICATION_FAILED')
})

test.each([
  ['nothing at all', new Uint8Array(0)],
  ['half a frame', frameByHand(PLAINTEXT).slice(0, 5)],
  ['a frame without its last byte', frameByHand(new Uint8Array(0)).slice(0, 10)],
  ['a frame and no plaintext', frameByHand(new Uint8Array(0))],
  ['a plaintext of 4097 bytes', frameByHand(new Uint8Array(4097))],
])('%s is refused', async (_, framed) => {
  const key = await createKnownKey('by hand', 'k')
  await expectHsmError(open(key.hsm, key.token, sealByHand(key, framed)), 'AUTHENTICATION_FAILED')
})

test('what was opened and then refused is zeroized', async () => {
  const opened: Uint8Array[] = []
  const provider: Provider = {
    ...nobleProvider,
    openAesGcm(key, nonce, additionalData, sealed) {
      const plaintext = nobleProvider.openAesGcm(key, nonce, additionalData, sealed)
      if (plaintext !== undefined) opened.push(plaintext)
      return plaintext
    },
  }
  const key = await createKnownKey('by hand', 'k', provider)
  await seal(key.hsm, key.token, PLAINTEXT)
  opened.length = 0
  const sealed = sealByHand(key, frameByHand(PLAINTEXT, { version: 2 }))
  await expectHsmError(open(key.hsm, key.token, sealed), 'AUTHENTICATION_FAILED')
  expect(opened).toEqual([new Uint8Array(FRAME_LENGTH + PLAINTEXT.length)])
})

test('a message whose key was derived for another material id is refused', async () => {
  const key = await createKnownKey('by hand', 'k')
  const { material, materialId } = key
  const nonce = Uint8Array.from({ length: 16 }, (_, i) => i)
  for (const other of [new Uint8Array(32), material]) {
    expect(deriveMessageKey({ material, materialId: other, nonce })).not.toEqual(
      deriveMessageKey({ material, materialId, nonce }),
    )
    const sealed = sealByHand({ ...key, materialId: other }, frameByHand(PLAINTEXT))
    await expectHsmError(open(key.hsm, key.token, sealed), 'AUTHENTICATION_FAILED')
  }
})
