/**
 * Every kind of key: generated, used in each way that it has, and held against node:crypto through its public half.
 *
 * @covers KMS crypto-details §7
 */
import { constants, createHmac, diffieHellman, generateKeyPairSync, publicEncrypt, verify } from 'node:crypto'
import {
  type Hsm,
  KEY_SPECS,
  type KeySpec,
  type KeyToken,
  type MacAlgorithm,
  type RsaEncryptionAlgorithm,
  algorithmsOf,
  createHsm,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { expectHsmError, open, seal } from '../../support/hsm-fixture.ts'
import { QUICK_KINDS, generate, readSpki, signingsOf, titleOf } from '../../support/hsm-keys.ts'

const MESSAGE = Uint8Array.from({ length: 100 }, (_, i) => i)
const hsm = createHsm()

const CURVES: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
}

/** What shows that a key of one usage works. */
const PROOFS: Readonly<Record<string, (token: KeyToken, keySpec: KeySpec, at: Hsm) => Promise<void>>> = {
  async ENCRYPT_DECRYPT(token, keySpec, at) {
    if (keySpec === 'SYMMETRIC_DEFAULT') {
      expect(await open(at, token, await seal(at, token, MESSAGE))).toEqual(MESSAGE)
      return
    }
    for (const algorithm of algorithmsOf(keySpec, 'ENCRYPT_DECRYPT') as RsaEncryptionAlgorithm[]) {
      const ciphertext = await at.seal({ token, algorithm, plaintext: MESSAGE })
      expect(await at.open({ token, algorithm, ciphertext })).toEqual(MESSAGE)
      const oaepHash = algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256'
      const key = readSpki(await at.publicKey(token))
      const theirs = publicEncrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, MESSAGE)
      expect(await at.open({ token, algorithm, ciphertext: Uint8Array.from(theirs) })).toEqual(MESSAGE)
    }
  },

  async SIGN_VERIFY(token, keySpec, at) {
    const signings = signingsOf(keySpec)
    expect(signings.length).toBeGreaterThan(0)
    for (const signing of signings) {
      const signature = await at.sign({ token, ...signing })
      expect(await at.verify({ token, ...signing, signature })).toBe(true)
      expect(await at.verify({ token, ...signing, signature: flipBit(signature, 333) })).toBe(false)
      const message = flipBit(signing.message, 1)
      expect(await at.verify({ token, ...signing, message, signature })).toBe(false)
      if (signing.messageType === 'RAW') await expectOutsideVerifies(token, signing, signature, at)
    }
  },

  async GENERATE_VERIFY_MAC(token, keySpec, at) {
    const algorithm = algorithmsOf(keySpec, 'GENERATE_VERIFY_MAC')[0] as MacAlgorithm
    const mac = await at.mac({ token, algorithm, message: MESSAGE })
    const row = KEY_SPECS[keySpec]
    expect(mac).toHaveLength('materialLength' in row ? row.materialLength : -1)
    expect(await at.verifyMac({ token, algorithm, message: MESSAGE, mac })).toBe(true)
    expect(await at.verifyMac({ token, algorithm, message: MESSAGE, mac: flipBit(mac, 0) })).toBe(false)
    expect(await at.verifyMac({ token, algorithm, message: MESSAGE, mac: mac.slice(1) })).toBe(false)
  },

  async KEY_AGREEMENT(token, keySpec, at) {
    const theirs = generateKeyPairSync('ec', { namedCurve: CURVES[keySpec] ?? '' })
    const publicKey = Uint8Array.from(theirs.publicKey.export({ type: 'spki', format: 'der' }))
    const secret = await at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey })
    const expected = diffieHellman({ privateKey: theirs.privateKey, publicKey: readSpki(await at.publicKey(token)) })
    expect(secret).toEqual(Uint8Array.from(expected))
  },

  async ENCAPSULATE_DECAPSULATE(token, _keySpec, at) {
    const command = { token, algorithm: 'ML_KEM' } as const
    const { sharedSecret, ciphertext } = await at.encapsulate(command)
    expect(sharedSecret).toHaveLength(32)
    expect(await at.decapsulate({ ...command, ciphertext })).toEqual(sharedSecret)
    const implicitlyRejected = await at.decapsulate({ ...command, ciphertext: flipBit(ciphertext, 77) })
    expect(implicitlyRejected).toHaveLength(32)
    expect(implicitlyRejected).not.toEqual(sharedSecret)
    await expectHsmError(at.decapsulate({ ...command, ciphertext: ciphertext.slice(1) }), 'AUTHENTICATION_FAILED')
  },

  async UNWRAP(token, _keySpec, at) {
    const key = readSpki(await at.publicKey(token))
    const oaep = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' }
    const wrappedMaterial = Uint8Array.from(publicEncrypt(oaep, MESSAGE.subarray(0, 32)))
    const imported = await at.importKey({
      keyId: 'imported',
      keySpec: 'HMAC_256',
      keyUsage: 'GENERATE_VERIFY_MAC',
      origin: 'EXTERNAL',
      wrappingToken: token,
      wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      wrappedMaterial,
    })
    const mac = await at.mac({ token: imported.token, algorithm: 'HMAC_SHA_256', message: MESSAGE })
    const expected = createHmac('sha256', MESSAGE.subarray(0, 32)).update(MESSAGE).digest()
    expect(mac).toEqual(Uint8Array.from(expected))
  },
}

async function expectOutsideVerifies(
  token: KeyToken,
  { algorithm, message }: { readonly algorithm: string; readonly message: Uint8Array },
  signature: Uint8Array,
  at: Hsm,
): Promise<void> {
  const key = readSpki(await at.publicKey(token))
  const hash = algorithm.startsWith('RSA') || algorithm.startsWith('ECDSA') ? `sha${algorithm.slice(-3)}` : null
  const pss = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
  expect(verify(hash, message, { key, ...(algorithm.includes('PSS') ? pss : {}) }, signature)).toBe(true)
}

test.each(QUICK_KINDS.map((kind) => [titleOf(kind), kind] as const))('%s', async (_, kind) => {
  const { token, materialId } = await generate(hsm, kind)
  expect(materialId).toHaveLength(32)
  await PROOFS[kind.keyUsage]?.(token, kind.keySpec, hsm)
  expect(PROOFS).toHaveProperty(kind.keyUsage)
})

describe('with the native provider, the long RSA keys too', () => {
  const native = createHsm({ provider: createNativeProvider() })

  test.each([
    ['RSA_3072', 'SIGN_VERIFY'],
    ['RSA_4096', 'ENCRYPT_DECRYPT'],
  ] as const)('%s %s', async (keySpec, keyUsage) => {
    expect(PROOFS).toHaveProperty(keyUsage)
    const { token } = await generate(native, { keySpec, keyUsage })
    await PROOFS[keyUsage]?.(token, keySpec, native)
  })
})

test('a symmetric key has no public half to show', async () => {
  for (const kind of [
    { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' },
    { keySpec: 'HMAC_512', keyUsage: 'GENERATE_VERIFY_MAC' },
  ] as const) {
    const { token } = await generate(hsm, kind)
    await expectHsmError(hsm.publicKey(token), 'KEY_USAGE')
  }
})

test('no two keys are alike, whatever their kind', async () => {
  const kinds = QUICK_KINDS.filter(({ keySpec }) => !keySpec.startsWith('RSA'))
  const publicKeys = new Set<string>()
  for (const kind of [...kinds, ...kinds].filter(({ keySpec }) => !/^(SYMMETRIC|HMAC)/u.test(keySpec))) {
    const { token } = await generate(hsm, kind)
    publicKeys.add(Buffer.from(await hsm.publicKey(token)).toString('hex'))
  }
  expect(publicKeys.size).toBe(2 * kinds.filter(({ keySpec }) => !/^(SYMMETRIC|HMAC)/u.test(keySpec)).length)
})

test('the progress of a long generation is told', async () => {
  const told: number[] = []
  await hsm.generateKey({
    keyId: 'k',
    keySpec: 'RSA_2048',
    keyUsage: 'SIGN_VERIFY',
    origin: 'AWS_KMS',
    onProgress: ({ prime }) => told.push(prime),
  })
  expect(new Set(told)).toEqual(new Set([1, 2]))
})
