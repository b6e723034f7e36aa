/**
 * RSA ciphertexts: what outsiders may send, and resealing between symmetric and RSA keys in each direction.
 *
 * @covers KMS crypto-details §7 (OAEP); operations, ReEncrypt
 */
import { constants, publicEncrypt } from 'node:crypto'
import {
  type EncryptionTarget,
  type Hsm,
  type KeyToken,
  type OpenCommand,
  type Provider,
  type RsaEncryptionAlgorithm,
  createHsm,
  maxRsaPlaintextLength,
  nobleProvider,
} from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { expectHsmError, headerOf, layout, open, openCommand, seal } from '../../support/hsm-fixture.ts'
import { generate, readSpki } from '../../support/hsm-keys.ts'

const ALGORITHMS: readonly RsaEncryptionAlgorithm[] = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256']
const NOTHING = new Uint8Array(0)
const SECRET = new TextEncoder().encode('attack at dawn')

/** Counts what makes a plaintext: messages and tokens that are opened, and RSA private operations. */
let opened = 0
const provider: Provider = {
  ...nobleProvider,
  openAesGcm(...args) {
    opened++
    return nobleProvider.openAesGcm(...args)
  },
  createRsaPrivateKey(numbers, entropy) {
    const key = nobleProvider.createRsaPrivateKey(numbers, entropy)
    return {
      compute(input) {
        opened++
        return key.compute(input)
      },
      zeroize: () => key.zeroize(),
    }
  },
}
const hsm: Hsm = createHsm({ provider })
let symmetric: KeyToken
let rsa: KeyToken
let otherRsa: KeyToken
let signing: KeyToken

beforeAll(async () => {
  symmetric = (await generate(hsm, { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' })).token
  rsa = (await generate(hsm, { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' })).token
  otherRsa = (await generate(hsm, { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' })).token
  signing = (await generate(hsm, { keySpec: 'RSA_2048', keyUsage: 'SIGN_VERIFY' })).token
  // From here on every key is loaded, so that whatever is opened is a message.
  await seal(hsm, symmetric, SECRET)
  for (const token of [rsa, otherRsa, signing]) await hsm.publicKey(token)
})

async function encryptOutside(token: KeyToken, algorithm: RsaEncryptionAlgorithm, plaintext: Uint8Array) {
  const key = readSpki(await hsm.publicKey(token))
  const oaepHash = algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256'
  return Uint8Array.from(publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, plaintext))
}

describe.each(ALGORITHMS)('%s', (algorithm) => {
  test('takes a plaintext of 1 byte up to the longest, and no longer', async () => {
    const most = maxRsaPlaintextLength('RSA_2048', algorithm)
    expect(most).toBe(algorithm === 'RSAES_OAEP_SHA_1' ? 214 : 190)
    for (const length of [1, most]) {
      const plaintext = new Uint8Array(length).fill(9)
      const ciphertext = await hsm.seal({ token: rsa, algorithm, plaintext })
      expect(ciphertext).toHaveLength(256)
      expect(await hsm.open({ token: rsa, algorithm, ciphertext })).toEqual(plaintext)
    }
    const tooLong = { token: rsa, algorithm, plaintext: new Uint8Array(most + 1) }
    await expectHsmError(hsm.seal(tooLong), 'PLAINTEXT_TOO_LONG')
  })

  test('gives no ciphertext of nothing, and an outsider who makes one has made none', async () => {
    await expect(hsm.seal({ token: rsa, algorithm, plaintext: NOTHING })).rejects.toThrow(
      new RangeError('plaintext must be 1 to 4096 bytes'),
    )
    const ciphertext = await encryptOutside(rsa, algorithm, NOTHING)
    const source = { token: rsa, algorithm, ciphertext }
    await expectHsmError(hsm.open(source), 'AUTHENTICATION_FAILED')
    for (const destination of [
      { token: symmetric, layout, additionalData: NOTHING },
      { token: otherRsa, algorithm },
    ]) {
      await expectHsmError(hsm.reseal({ source, destination }), 'AUTHENTICATION_FAILED')
    }
  })

  test('whatever is wrong with a ciphertext is one error', async () => {
    const ciphertext = await hsm.seal({ token: rsa, algorithm, plaintext: SECRET })
    const other = ALGORITHMS.find((name) => name !== algorithm) ?? algorithm
    const key = readSpki(await hsm.publicKey(rsa))
    const pkcs1 = Uint8Array.from(publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, SECRET))
    const wrong = [
      ...[0, 7, 1000, 2047].map((bit) => flipBit(ciphertext, bit)),
      ...[NOTHING, ciphertext.slice(1), ciphertext.slice(0, -1), Uint8Array.of(...ciphertext, 0)],
      ...[new Uint8Array(256), new Uint8Array(256).fill(255), pkcs1],
      await encryptOutside(otherRsa, algorithm, SECRET),
      await encryptOutside(rsa, other, SECRET),
    ]
    for (const damaged of wrong) {
      await expectHsmError(hsm.open({ token: rsa, algorithm, ciphertext: damaged }), 'AUTHENTICATION_FAILED')
    }
  })
})

async function sourceOf(name: string, plaintext = SECRET): Promise<OpenCommand> {
  if (name === 'symmetric') return openCommand(symmetric, await seal(hsm, symmetric, plaintext))
  const algorithm = 'RSAES_OAEP_SHA_1' as const
  return { token: rsa, algorithm, ciphertext: await hsm.seal({ token: rsa, algorithm, plaintext }) }
}

const DESTINATIONS: Readonly<Record<string, () => EncryptionTarget>> = {
  symmetric: () => ({ token: symmetric, layout, additionalData: SECRET }),
  rsa: () => ({ token: otherRsa, algorithm: 'RSAES_OAEP_SHA_256' }),
}

test.each([
  ['symmetric', 'rsa'],
  ['rsa', 'symmetric'],
  ['rsa', 'rsa'],
])('reseals from %s to %s', async (from, to) => {
  const source = await sourceOf(from)
  const destination = DESTINATIONS[to]?.() ?? expect.fail()
  const resealed = await hsm.reseal({ source, destination })
  const answer =
    'algorithm' in destination
      ? await hsm.open({ ...destination, ciphertext: resealed })
      : await open(hsm, symmetric, resealed, SECRET)
  expect(answer).toEqual(SECRET)
  // One key may be both.
  if (from === to) {
    const again = await hsm.reseal({ source, destination: { token: rsa, algorithm: 'RSAES_OAEP_SHA_1' } })
    expect(await hsm.open({ token: rsa, algorithm: 'RSAES_OAEP_SHA_1', ciphertext: again })).toEqual(SECRET)
  }
})

const REFUSALS: readonly (readonly [string, () => EncryptionTarget, string])[] = [
  ['no token', () => ({ token: NOTHING as KeyToken, algorithm: 'RSAES_OAEP_SHA_1' }), 'INVALID_TOKEN'],
  ['a key that signs', () => ({ token: signing, algorithm: 'RSAES_OAEP_SHA_1' }), 'KEY_USAGE'],
  ['a symmetric key with OAEP', () => ({ token: symmetric, algorithm: 'RSAES_OAEP_SHA_1' }), 'ALGORITHM'],
  ['an RSA key without', () => ({ token: otherRsa, layout, additionalData: NOTHING }), 'ALGORITHM'],
  ['a header without room', () => ({ ...sealing(), layout: () => headerOf(new Uint8Array(27)) }), 'RangeError'],
  ['additional data of text', () => ({ ...sealing(), additionalData: 'a' as unknown as Uint8Array }), 'TypeError'],
]
const sealing = () => ({ token: symmetric, layout, additionalData: NOTHING })

describe.each(['symmetric', 'rsa'])('from %s', (from) => {
  test.each(REFUSALS)('a destination of %s is refused while no plaintext exists', async (_, destination, refusal) => {
    const source = await sourceOf(from)
    const before = opened
    const attempt = hsm.reseal({ source, destination: destination() })
    if (refusal.endsWith('Error')) await expect(attempt).rejects.toMatchObject({ name: refusal })
    else await expectHsmError(attempt, refusal as 'ALGORITHM')
    expect(opened).toBe(before)
  })
})

test('what is too long for RSA is refused while it is sealed: its length shows', async () => {
  const source = await sourceOf('symmetric', new Uint8Array(191))
  const before = opened
  const destination = { token: otherRsa, algorithm: 'RSAES_OAEP_SHA_256' } as const
  await expectHsmError(hsm.reseal({ source, destination }), 'PLAINTEXT_TOO_LONG')
  expect(opened).toBe(before)
  const fits = await hsm.reseal({ source, destination: { token: otherRsa, algorithm: 'RSAES_OAEP_SHA_1' } })
  expect(fits).toHaveLength(256)
})

test('what RSA hid and is too long for the other hash is refused once it is known', async () => {
  const source = await sourceOf('rsa', new Uint8Array(191))
  const destination = { token: otherRsa, algorithm: 'RSAES_OAEP_SHA_256' } as const
  await expectHsmError(hsm.reseal({ source, destination }), 'PLAINTEXT_TOO_LONG')
})

test('a source of a length that no message has does not open, wherever it was to go', async () => {
  const source = openCommand(symmetric, new Uint8Array(28 + 27 + 5000))
  for (const destination of Object.values(DESTINATIONS)) {
    await expectHsmError(hsm.reseal({ source, destination: destination() }), 'AUTHENTICATION_FAILED')
  }
})
