/**
 * Data key pairs of every spec that GenerateDataKeyPair takes, read by node:crypto.
 *
 * @covers KMS crypto-details §5
 */
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { DATA_KEY_PAIR_SPECS, type DataKeyPairSpec, type Hsm, type KeyToken, createHsm } from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { beforeAll, describe, expect, test } from 'vitest'
import { decodePkcs8 } from '../../../packages/hsm/src/encoding/pkcs8.ts'
import { flipBit, toHex } from '../../support/bits.ts'
import { expectHsmError, headerOf, layout, open } from '../../support/hsm-fixture.ts'
import { generate } from '../../support/hsm-keys.ts'
import { isSlow } from '../../support/runs.ts'

const ADDITIONAL_DATA = new TextEncoder().encode('pair')

// The two providers write the same pairs; the one that is quick with long RSA keys stands in for the other.
const noble = createHsm()
const native = createHsm({ provider: createNativeProvider() })
const hsmFor = (spec: DataKeyPairSpec): Hsm => (!isSlow && /^RSA_[34]/u.test(spec) ? native : noble)
const wrapping = new Map<Hsm, KeyToken>()

beforeAll(async () => {
  for (const hsm of [noble, native]) {
    wrapping.set(hsm, (await generate(hsm, { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' })).token)
  }
})

function targetAt(hsm: Hsm) {
  return { token: wrapping.get(hsm) ?? expect.fail(), layout, additionalData: ADDITIONAL_DATA }
}

/** Lengths of PKCS#8 and SPKI, where they do not vary from key to key. */
const LENGTHS: Partial<Record<DataKeyPairSpec, readonly [number, number]>> = {
  RSA_2048: [Number.NaN, 294],
  RSA_3072: [Number.NaN, 422],
  RSA_4096: [Number.NaN, 550],
  ECC_NIST_P256: [138, 91],
  ECC_NIST_P384: [185, 120],
  ECC_NIST_P521: [241, 158],
  ECC_SECG_P256K1: [135, 88],
  ECC_NIST_EDWARDS25519: [48, 44],
  ML_KEM_512: [86, 822],
  ML_KEM_768: [86, 1206],
  ML_KEM_1024: [86, 1590],
}

test('the specs are those of the API', () => {
  expect(DATA_KEY_PAIR_SPECS.toSorted()).toEqual(Object.keys(LENGTHS).toSorted())
})

describe.each(DATA_KEY_PAIR_SPECS)('%s', (keyPairSpec) => {
  const hsm = hsmFor(keyPairSpec)

  test('what is sealed is what was handed out, and its public half is the one beside it', async () => {
    const command = { ...targetAt(hsm), keyPairSpec, isPlaintextWanted: true }
    const { publicKey, plaintext = expect.fail(), sealed } = await hsm.generateSealedKeyPair(command)
    expect(await open(hsm, command.token, sealed, ADDITIONAL_DATA)).toEqual(plaintext)
    const [pkcs8Length = 0, spkiLength = 0] = LENGTHS[keyPairSpec] ?? []
    if (!Number.isNaN(pkcs8Length)) expect(plaintext).toHaveLength(pkcs8Length)
    expect(publicKey).toHaveLength(spkiLength)
    expect(decodePkcs8(plaintext)).toBeDefined()

    // Node 24 with OpenSSL 3.5 reads every one of them; an older one does not know ML-KEM.
    const isReadable = !keyPairSpec.startsWith('ML_KEM') || readsMlKem()
    if (!isReadable) return
    const privateKey = createPrivateKey({ key: Buffer.from(plaintext), format: 'der', type: 'pkcs8' })
    const derived = createPublicKey(privateKey).export({ type: 'spki', format: 'der' })
    expect(toHex(derived)).toBe(toHex(publicKey))
    expect(toHex(privateKey.export({ type: 'pkcs8', format: 'der' }))).toContain(toHex(plaintext.slice(-32)))
  })

  test('without the plaintext, it stays inside and opens all the same', async () => {
    const command = { ...targetAt(hsm), keyPairSpec, isPlaintextWanted: false }
    const pair = await hsm.generateSealedKeyPair(command)
    expect(Object.keys(pair).toSorted()).toEqual(['publicKey', 'sealed'])
    const opened = await open(hsm, command.token, pair.sealed, ADDITIONAL_DATA)
    expect(decodePkcs8(opened)).toBeDefined()
    await expectHsmError(open(hsm, command.token, pair.sealed), 'AUTHENTICATION_FAILED')
    await expectHsmError(open(hsm, command.token, flipBit(pair.sealed, 500), ADDITIONAL_DATA), 'AUTHENTICATION_FAILED')
  })
})

function readsMlKem(): boolean {
  const [major = 0, minor = 0] = process.versions.openssl.split('.').map(Number)
  return major > 3 || (major === 3 && minor >= 5)
}

test.each(['ML_DSA_44', 'SYMMETRIC_DEFAULT', 'HMAC_256', 'SM2', 'toString', undefined])(
  'there are no key pairs of %s',
  async (keyPairSpec) => {
    const command = { ...targetAt(noble), keyPairSpec: keyPairSpec as DataKeyPairSpec, isPlaintextWanted: true }
    await expect(noble.generateSealedKeyPair(command)).rejects.toThrow(
      new RangeError(`keyPairSpec must be one of ${DATA_KEY_PAIR_SPECS.join(', ')}`),
    )
  },
)

test('a refusal comes before anything is generated', async () => {
  let generated = 0
  const provider = createNativeProvider()
  const hsm = createHsm({
    provider: {
      ...provider,
      generateRsaKey(...args) {
        generated++
        return provider.generateRsaKey(...args)
      },
    },
  })
  const { token } = await generate(hsm, { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' })
  const rsa = await generate(hsm, { keySpec: 'RSA_2048', keyUsage: 'ENCRYPT_DECRYPT' })
  const mac = await generate(hsm, { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' })
  const foreign = await generate(noble, { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' })
  expect(generated).toBe(1)
  const good = {
    token,
    layout,
    additionalData: ADDITIONAL_DATA,
    keyPairSpec: 'RSA_2048',
    isPlaintextWanted: true,
  } as const
  await expectHsmError(hsm.generateSealedKeyPair({ ...good, token: rsa.token }), 'ALGORITHM')
  await expectHsmError(hsm.generateSealedKeyPair({ ...good, token: mac.token }), 'KEY_USAGE')
  await expectHsmError(hsm.generateSealedKeyPair({ ...good, token: foreign.token }), 'INVALID_TOKEN')
  const narrow = { ...good, layout: () => headerOf(new Uint8Array(27)) }
  await expect(hsm.generateSealedKeyPair(narrow)).rejects.toThrow(RangeError)
  const text = { ...good, additionalData: 'text' as unknown as Uint8Array }
  await expect(hsm.generateSealedKeyPair(text)).rejects.toThrow(TypeError)
  expect(generated).toBe(1)
  await hsm.generateSealedKeyPair(good)
  expect(generated).toBe(2)
})

test('the layout is asked for the length that the private key turns out to have', async () => {
  const asked: number[] = []
  const { token } = targetAt(noble)
  const { plaintext } = await noble.generateSealedKeyPair({
    token,
    additionalData: ADDITIONAL_DATA,
    layout(length) {
      asked.push(length)
      return headerOf()
    },
    keyPairSpec: 'ECC_NIST_P521',
    isPlaintextWanted: true,
  })
  expect(asked.at(-1)).toBe(plaintext?.length)
})
