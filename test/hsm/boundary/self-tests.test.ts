/**
 * Every self-test forced to fail, and every fresh pair forced apart: the module then refuses service for good, and says
 * which it was.
 *
 * @covers FIPS 140-3 IG 10.3.A (modelled on)
 */
import {
  type Hsm,
  KEY_SPECS,
  type KeyFamilyName,
  type Provider,
  type SelfTestedAlgorithm,
  createHsm,
  nobleProvider,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { testingOnlyFaultyProvider } from '@softkms/hsm/testing'
import { createKms } from 'softkms'
import { describe, expect, test } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { COMMANDS, expectHsmError, layout, seal } from '../../support/hsm-fixture.ts'
import { FAMILY_KINDS, type Kind, generate, titleOf } from '../../support/hsm-keys.ts'
import { refusalOf } from '../../support/kms-fixture.ts'

const SYMMETRIC: Kind = { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' }
const CORE: readonly SelfTestedAlgorithm[] = ['SHA', 'HMAC', 'KBKDF', 'AES-256-GCM', 'CTR_DRBG']
/** Whose first use runs the test, and which of the others it runs with. */
const OF_FAMILIES: Readonly<Partial<Record<SelfTestedAlgorithm, readonly [KeyFamilyName, ...SelfTestedAlgorithm[]]>>> =
  {
    RSA: ['rsa', 'AES-256-KWP'],
    'AES-256-KWP': ['rsa', 'RSA'],
    ECDSA: ['ec', 'ECDH'],
    ECDH: ['ec', 'ECDSA'],
    Ed25519: ['edwards'],
    'ML-DSA': ['ml-dsa'],
    'ML-KEM': ['ml-kem'],
  }
const PAIRED: readonly KeyFamilyName[] = ['rsa', 'ec', 'edwards', 'ml-dsa', 'ml-kem']
const FAULTS = Object.keys(OF_FAMILIES) as SelfTestedAlgorithm[]

async function outcomesOf(hsm: Hsm): Promise<Readonly<Record<string, string>>> {
  const { selfTests } = await hsm.status()
  return Object.fromEntries(selfTests.map(({ algorithm, outcome }) => [algorithm, outcome]))
}

const outcomes = (names: readonly string[], outcome: string): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map((name) => [name, outcome]))

/** Expects everything to be refused but what looks, forgets and destroys. */
async function expectOutOfService(hsm: Hsm): Promise<void> {
  const { token } = await generate(createHsm(), SYMMETRIC)
  for (const command of Object.values(COMMANDS)) await expectHsmError(command(hsm, token), 'SELF_TEST_FAILED')
  for (const kind of FAMILY_KINDS) await expectHsmError(generate(hsm, kind), 'SELF_TEST_FAILED')
  const signing = { token, algorithm: 'ECDSA_SHA_256', messageType: 'RAW', message: token } as const
  const attempts = [
    hsm.sign(signing),
    hsm.verify({ ...signing, signature: token }),
    hsm.mac({ token, algorithm: 'HMAC_SHA_256', message: token }),
    hsm.verifyMac({ token, algorithm: 'HMAC_SHA_256', message: token, mac: token }),
    hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: token }),
    hsm.encapsulate({ token, algorithm: 'ML_KEM' }),
    hsm.decapsulate({ token, algorithm: 'ML_KEM', ciphertext: token }),
    hsm.publicKey(token),
    hsm.rewrap(token),
    hsm.rotateDomainKey(),
    hsm.random(1),
    hsm.generateSealedKeyPair({
      token,
      layout,
      additionalData: token,
      keyPairSpec: 'ECC_NIST_P256',
      isPlaintextWanted: false,
    }),
    hsm.importKey({
      ...SYMMETRIC,
      keyId: 'k',
      origin: 'EXTERNAL',
      wrappingToken: token,
      wrappingAlgorithm: 'RSAES_OAEP_SHA_1',
      wrappedMaterial: token,
    }),
  ]
  for (const attempt of attempts) await expectHsmError(attempt, 'SELF_TEST_FAILED')
  await hsm.unload(token)
  expect(await hsm.status()).toMatchObject({ state: 'error' })
  await hsm.zeroize()
  expect(await hsm.status()).toMatchObject({ state: 'zeroized', loadedKeys: 0, domainKeys: 0 })
  await expectHsmError(hsm.random(1), 'ZEROIZED')
}

const kindsOf = (family: KeyFamilyName | undefined): readonly Kind[] =>
  FAMILY_KINDS.filter(({ keySpec }) => KEY_SPECS[keySpec].family === family)

test('the algorithms that are tested are all of them', async () => {
  const { selfTests } = await createHsm().status()
  expect(selfTests.map(({ algorithm }) => algorithm)).toEqual(expect.arrayContaining([...CORE, ...FAULTS]))
  expect(selfTests).toHaveLength(CORE.length + FAULTS.length)
})

test.each(CORE)('%s fails: nothing is ever served', async (fault) => {
  const hsm = createHsm({ provider: testingOnlyFaultyProvider(fault) })
  await expectHsmError(hsm.random(1), 'SELF_TEST_FAILED')
  expect(await outcomesOf(hsm)).toMatchObject({ [fault]: 'failed', ...outcomes(FAULTS, 'pending') })
  await expectOutOfService(hsm)
})

describe.each(FAULTS)('%s fails', (fault) => {
  const [family, ...beside] = OF_FAMILIES[fault] ?? []
  const kinds = kindsOf(family)
  const tested = [...CORE, ...beside]

  test.each(kinds.map((kind) => [titleOf(kind), kind] as const))(
    'nothing is served from the first key for %s on',
    async (_, kind) => {
      const hsm = createHsm({ provider: testingOnlyFaultyProvider(fault) })
      const { token } = await generate(hsm, SYMMETRIC)
      const sealed = await seal(hsm, token, Uint8Array.of(1))
      expect(sealed).toBeDefined()
      expect(await outcomesOf(hsm)).toEqual({ ...outcomes(CORE, 'passed'), ...outcomes(FAULTS, 'pending') })

      await expectHsmError(generate(hsm, kind), 'SELF_TEST_FAILED')
      expect(await outcomesOf(hsm)).toEqual({
        ...outcomes(FAULTS, 'pending'),
        ...outcomes(tested, 'passed'),
        [fault]: 'failed',
      })
      await expectHsmError(seal(hsm, token, Uint8Array.of(1)), 'SELF_TEST_FAILED')
      await expectOutOfService(hsm)
    },
  )

  test('nor from the first data key pair on', async () => {
    const [{ keySpec }] = kinds as [Kind]
    if (KEY_SPECS[keySpec].family === 'ml-dsa') return
    const hsm = createHsm({ provider: testingOnlyFaultyProvider(fault) })
    const { token } = await generate(hsm, SYMMETRIC)
    const target = { token, layout, additionalData: new Uint8Array(0) }
    const command = { ...target, keyPairSpec: keySpec as 'ECC_NIST_P256', isPlaintextWanted: true }
    await expectHsmError(hsm.generateSealedKeyPair(command), 'SELF_TEST_FAILED')
    await expectHsmError(seal(hsm, token, Uint8Array.of(1)), 'SELF_TEST_FAILED')
  })

  test('other families are none the wiser until then', async () => {
    const hsm = createHsm({ provider: testingOnlyFaultyProvider(fault) })
    const others = FAMILY_KINDS.filter((kind) => !kinds.includes(kind) && KEY_SPECS[kind.keySpec].family !== 'rsa')
    for (const kind of others) await generate(hsm, kind)
    expect(await outcomesOf(hsm)).toMatchObject({ [fault]: 'pending' })
    expect(await hsm.status()).toMatchObject({ state: 'ready' })
  })

  test('a KMS starts, and answers nothing but a fault from then on', async () => {
    const kms = await createKms({ provider: testingOnlyFaultyProvider(fault) })
    const { KeyMetadata } = await kms.createKey()
    const [{ keySpec: KeySpec, keyUsage }] = kinds as [Kind]
    const KeyUsage = keyUsage === 'UNWRAP' ? 'SIGN_VERIFY' : keyUsage
    const internal = { code: 'KMSInternalException', message: '' }
    expect(await refusalOf(kms.createKey({ KeySpec, KeyUsage }))).toEqual(internal)
    const encryption = { KeyId: KeyMetadata?.KeyId, Plaintext: Uint8Array.of(1) }
    expect(await refusalOf(kms.encrypt(encryption))).toEqual({ code: 'KeyUnavailableException', message: '' })
    expect(await refusalOf(kms.createKey())).toEqual(internal)
  })
})

/** Providers that from a word on make pairs whose halves do not belong together, or cannot be tried. */
const APART: Readonly<Record<string, (isApart: () => boolean) => readonly [Kind['keySpec'], Partial<Provider>]>> = {
  'an RSA key whose exponent is another': (isApart) => [
    'RSA_2048',
    {
      generateRsaKey(...args) {
        const numbers = nobleProvider.generateRsaKey(...args)
        return isApart() ? { ...numbers, exponent1: flipLow(numbers.exponent1) } : numbers
      },
    },
  ],
  'an EC key with the point of another': (isApart) => [
    'ECC_NIST_P384',
    { computePoint: (curve, scalar) => nobleProvider.computePoint(curve, isApart() ? flipLow(scalar) : scalar) },
  ],
  'an EC key whose point is another each time': (isApart) => {
    let times = 1
    return [
      'ECC_NIST_P256',
      {
        computePoint: (curve, scalar) =>
          nobleProvider.computePoint(curve, isApart() ? scalar.slice().fill(times++) : scalar),
      },
    ]
  },
  'an Ed25519 key with the public half of another': (isApart) => [
    'ECC_NIST_EDWARDS25519',
    { computeEd25519PublicKey: (seed) => nobleProvider.computeEd25519PublicKey(isApart() ? flipLow(seed) : seed) },
  ],
  'an ML-DSA key with the public half of another': (isApart) => [
    'ML_DSA_44',
    {
      createMlDsaKey(parameters, seed) {
        const key = nobleProvider.createMlDsaKey(parameters, seed)
        if (!isApart()) return key
        return { ...key, publicKey: nobleProvider.createMlDsaKey(parameters, flipHigh(seed)).publicKey }
      },
    },
  ],
  'an ML-KEM key with the public half of another': (isApart) => [
    'ML_KEM_512',
    {
      createMlKemKey(parameters, seed) {
        const key = nobleProvider.createMlKemKey(parameters, seed)
        if (!isApart()) return key
        return { ...key, encapsulationKey: nobleProvider.createMlKemKey(parameters, flipHigh(seed)).encapsulationKey }
      },
    },
  ],
  'a key that cannot be tried at all': (isApart) => [
    'ECC_NIST_P521',
    {
      signEcdsa(...args) {
        if (isApart()) throw new Error('broken')
        return nobleProvider.signEcdsa(...args)
      },
    },
  ],
}

function flipLow(bytes: Uint8Array): Uint8Array {
  return flipBit(bytes, 8 * bytes.length - 2)
}

function flipHigh(bytes: Uint8Array): Uint8Array {
  return flipBit(bytes, 6)
}

describe.each(Object.entries(APART))('%s', (_, replace) => {
  function start() {
    let isApart = false
    const [keySpec, changes] = replace(() => isApart)
    const hsm = createHsm({ provider: { ...nobleProvider, name: 'noble, with pairs apart', ...changes } })
    const [keyUsage = expect.fail()] = KEY_SPECS[keySpec].usages
    return { hsm, kind: { keySpec, keyUsage }, fallApart: () => (isApart = true) }
  }

  test('never becomes a token, and ends all service', async () => {
    const { hsm, kind, fallApart } = start()
    await expect(generate(hsm, kind)).resolves.toBeDefined()
    fallApart()
    await expectHsmError(generate(hsm, kind), 'SELF_TEST_FAILED')
    // The algorithm itself had answered well; it is the pair that status tells of.
    expect(Object.values(await outcomesOf(hsm))).not.toContain('failed')
    const { family } = KEY_SPECS[kind.keySpec]
    const { pairWiseTests } = await hsm.status()
    expect(pairWiseTests.filter(({ outcome }) => outcome !== 'pending')).toEqual([{ family, outcome: 'failed' }])
    await expectOutOfService(hsm)
  })

  test('never becomes a data key pair', async () => {
    const { hsm, kind, fallApart } = start()
    if (kind.keySpec === 'ML_DSA_44') return
    const { token } = await generate(hsm, SYMMETRIC)
    await generate(hsm, kind)
    fallApart()
    const target = { token, layout, additionalData: new Uint8Array(0), isPlaintextWanted: true }
    const command = { ...target, keyPairSpec: kind.keySpec as 'ECC_NIST_P256' }
    await expectHsmError(hsm.generateSealedKeyPair(command), 'SELF_TEST_FAILED')
    expect(await hsm.status()).toMatchObject({ state: 'error' })
  })
})

test('status tells the provider, who serves what, and how each self-test ended', async () => {
  const provider = createNativeProvider()
  const hsm = createHsm({ provider })
  expect(await hsm.status()).toEqual({
    state: 'ready',
    provider: 'native',
    servedBy: provider.servedBy,
    selfTests: [...CORE, 'AES-256-KWP', 'RSA', 'ECDSA', 'ECDH', 'Ed25519', 'ML-DSA', 'ML-KEM'].map((algorithm) => ({
      algorithm,
      outcome: CORE.includes(algorithm as 'HMAC') ? 'passed' : 'pending',
    })),
    pairWiseTests: PAIRED.map((family) => ({ family, outcome: 'pending' })),
    domainKeys: 0,
    loadedKeys: 0,
  })
  for (const kind of FAMILY_KINDS) await hsm.rewrap((await generate(hsm, kind)).token)
  expect(await outcomesOf(hsm)).toEqual(outcomes([...CORE, ...FAULTS], 'passed'))
  const { pairWiseTests } = await hsm.status()
  expect(pairWiseTests).toEqual(PAIRED.map((family) => ({ family, outcome: 'passed' })))
})
