/**
 * Each algorithm answers its known answer before the first command, once; a provider that fails one serves nothing.
 *
 * @covers FIPS 140-3 IG 10.3.A (modelled on)
 */
import {
  type Entropy,
  type Hsm,
  type HsmStatus,
  type MacKey,
  type Provider,
  type SelfTestResult,
  createHsm,
  nobleProvider,
  systemEntropy,
} from '@softkms/hsm'
import { createNativeProvider } from '@softkms/hsm/native'
import { type TestingOnlyFault, testingOnlyFaultyProvider } from '@softkms/hsm/testing'
import { createKms } from 'softkms'
import { describe, expect, test } from 'vitest'
import { COMMANDS, NEW_KEY, expectHsmError } from '../support/hsm-fixture.ts'

const CORE = ['SHA', 'HMAC', 'KBKDF', 'AES-256-GCM', 'CTR_DRBG']
const PAIRS = ['rsa', 'ec', 'edwards', 'ml-dsa', 'ml-kem'].map((family) => ({ family, outcome: 'pending' }))
const FAMILIES = ['AES-256-KWP', 'RSA', 'ECDSA', 'ECDH', 'Ed25519', 'ML-DSA', 'ML-KEM']

/** What status tells once the core has been tested, and no key of a family has been used. */
function resultsWith(failed: readonly string[]): readonly SelfTestResult[] {
  const core = CORE.map((algorithm) => ({ algorithm, outcome: failed.includes(algorithm) ? 'failed' : 'passed' }))
  return [...core, ...FAMILIES.map((algorithm) => ({ algorithm, outcome: 'pending' }))] as SelfTestResult[]
}

/** The reference provider with some of its primitives replaced. */
function provider(name: string, changes: Partial<Provider>): Provider {
  return { ...nobleProvider, name, ...changes }
}

function fail(): never {
  throw new Error('broken')
}

/** One answer wrong, and nothing else. */
function macThat(answer: (mac: MacKey, message: Uint8Array) => Uint8Array): Partial<Provider> {
  return {
    createHmac(hash, key) {
      const mac = nobleProvider.createHmac(hash, key)
      return { compute: (message) => answer(mac, message), zeroize: () => mac.zeroize() }
    },
  }
}

function flipFirst(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
}

const faults: readonly TestingOnlyFault[] = ['AES-256-GCM', 'AES-256-GCM open', 'SHA', 'HMAC', 'KBKDF', 'CTR_DRBG']

const BROKEN: readonly (readonly [Provider, readonly string[]])[] = [
  ...faults.map((fault) => {
    const failed = fault === 'HMAC' ? ['HMAC', 'KBKDF'] : [fault.replace(' open', '')]
    return [testingOnlyFaultyProvider(fault), failed] as const
  }),
  [
    provider('a digest in parts is that of the first alone', {
      digest: (hash, first) => nobleProvider.digest(hash, first ?? fail()),
    }),
    ['SHA'],
  ],
  [provider('seal throws', { sealAesGcm: fail }), ['AES-256-GCM']],
  [provider('open throws', { openAesGcm: fail }), ['AES-256-GCM']],
  [provider('HMAC throws', { createHmac: fail }), ['HMAC', 'KBKDF']],
  [provider('computing a tag throws', macThat(fail)), ['HMAC', 'KBKDF']],
  [
    provider('open does not look at the tag', {
      openAesGcm: (key, nonce, _additionalData, sealed) =>
        nobleProvider.sealAesGcm(key, nonce, new Uint8Array(0), sealed.subarray(0, -16)).subarray(0, -16),
    }),
    ['AES-256-GCM'],
  ],
  [provider('open refuses everything', { openAesGcm: () => undefined }), ['AES-256-GCM']],
  [
    provider('open leaves out the additional data', {
      openAesGcm: (key, nonce, _additionalData, sealed) =>
        nobleProvider.openAesGcm(key, nonce, new Uint8Array(0), sealed),
    }),
    ['AES-256-GCM'],
  ],
  [
    provider('seal leaves out the additional data', {
      sealAesGcm: (key, nonce, _additionalData, plaintext) =>
        nobleProvider.sealAesGcm(key, nonce, new Uint8Array(0), plaintext),
    }),
    ['AES-256-GCM'],
  ],
  [
    provider('seal leaves out the tag', {
      sealAesGcm: (...args) => nobleProvider.sealAesGcm(...args).subarray(0, -16),
    }),
    ['AES-256-GCM'],
  ],
  [
    provider('a prepared key serves one message only', {
      createHmac(hash, key) {
        const mac = nobleProvider.createHmac(hash, key)
        let isUsed = false
        return {
          compute(message) {
            const tag = mac.compute(message)
            if (isUsed) return flipFirst(tag)
            isUsed = true
            return tag
          },
          zeroize: () => mac.zeroize(),
        }
      },
    }),
    ['HMAC'],
  ],
  [
    provider(
      'HMAC is wrong for messages that begin with a counter',
      macThat((mac, message) => (message[0] === 0 ? flipFirst(mac.compute(message)) : mac.compute(message))),
    ),
    ['KBKDF'],
  ],
]

describe.each(BROKEN.map(([broken, failed]) => [broken.name, broken, failed] as const))(
  'with a provider: %s,',
  (_, broken, failed) => {
    test.each(Object.entries(COMMANDS))('%s is refused', async (_name, command) => {
      const { token } = await createHsm().generateKey(NEW_KEY)
      const hsm = createHsm({ provider: broken })
      await expectHsmError(command(hsm, token), 'SELF_TEST_FAILED')
      await expectHsmError(command(hsm, token), 'SELF_TEST_FAILED')
      expect(await hsm.status()).toEqual({
        state: 'error',
        provider: broken.name,
        servedBy: nobleProvider.servedBy,
        selfTests: resultsWith(failed),
        pairWiseTests: PAIRS,
        domainKeys: 0,
        loadedKeys: 0,
      })
    })

    test('no KMS starts', async () => {
      await expectHsmError(createKms({ provider: broken }), 'SELF_TEST_FAILED')
    })
  },
)

test.each(Object.entries(COMMANDS))('%s draws no randomness before the self-tests have passed', async (_, command) => {
  let drawn = 0
  const entropy: Entropy = { fill: () => drawn++ }
  const { token } = await createHsm().generateKey(NEW_KEY)
  const hsm = createHsm({ entropy, provider: testingOnlyFaultyProvider('AES-256-GCM open') })
  await expectHsmError(command(hsm, token), 'SELF_TEST_FAILED')
  expect(drawn).toBe(0)
})

test('the reference provider passes, and its status says so before any command', async () => {
  const hsm = createHsm({ provider: nobleProvider })
  expect(await hsm.status()).toEqual({
    state: 'ready',
    provider: 'noble',
    servedBy: nobleProvider.servedBy,
    selfTests: resultsWith([]),
    pairWiseTests: PAIRS,
    domainKeys: 0,
    loadedKeys: 0,
  })
  await expect(hsm.random(16)).resolves.toHaveLength(16)
})

/** Counts how often the provider is asked for anything. */
function countingProvider(): { readonly provider: Provider; readonly count: () => number } {
  let count = 0
  const counted = <Arguments extends unknown[], Result>(call: (...args: Arguments) => Result) => {
    return (...args: Arguments): Result => {
      count++
      return call(...args)
    }
  }
  return {
    count: () => count,
    provider: {
      ...nobleProvider,
      name: 'noble, counted',
      sealAesGcm: counted(nobleProvider.sealAesGcm.bind(nobleProvider)),
      openAesGcm: counted(nobleProvider.openAesGcm.bind(nobleProvider)),
      createHmac: counted(nobleProvider.createHmac.bind(nobleProvider)),
    },
  }
}

test('making an HSM runs nothing; the first command runs the self-tests, and none after it', async () => {
  const { provider: counted, count } = countingProvider()
  const hsm = createHsm({ provider: counted })
  expect(count()).toBe(0)

  await hsm.random(1)
  const afterFirst = count()
  await createHsm({ provider: counted }).status()
  // What the second HSM did was its self-tests and nothing else.
  const oneRun = count() - afterFirst
  expect(oneRun).toBeGreaterThanOrEqual(5)

  const before = count()
  await hsm.random(1)
  await hsm.status()
  expect(count() - before).toBe(0)
  // Beyond the self-tests, the first command prepared the domain key.
  expect(afterFirst).toBe(oneRun + 1)
})

test('a failed self-test is not tried again', async () => {
  let isBroken = true
  const mended = provider('mended after the first test', {
    openAesGcm: (...args) => (isBroken ? undefined : nobleProvider.openAesGcm(...args)),
  })
  const hsm = createHsm({ provider: mended })
  await expectHsmError(hsm.random(1), 'SELF_TEST_FAILED')
  isBroken = false
  await expectHsmError(hsm.random(1), 'SELF_TEST_FAILED')
  await expect(createHsm({ provider: mended }).random(1)).resolves.toHaveLength(1)
})

describe('while the self-tests run', () => {
  /** Asks the module from within its own self-test. */
  async function askDuring(hsmOf: (provider: Provider) => Hsm, ask: (hsm: Hsm) => void): Promise<Hsm> {
    let hasAsked = false
    const asking = provider('asks back', {
      sealAesGcm(...args) {
        if (!hasAsked) {
          hasAsked = true
          ask(hsm)
        }
        return nobleProvider.sealAesGcm(...args)
      },
    })
    const hsm = hsmOf(asking)
    await hsm.random(1).catch(() => undefined)
    return hsm
  }
  const start = (asking: Provider): Hsm => createHsm({ provider: asking })

  test.each(Object.entries(COMMANDS))(
    '%s is refused, and the module becomes ready all the same',
    async (_, command) => {
      const { token } = await createHsm().generateKey(NEW_KEY)
      const answers: Promise<unknown>[] = []
      const hsm = await askDuring(start, (one) => answers.push(expectHsmError(command(one, token), 'SELF_TESTING')))
      expect(answers).toHaveLength(1)
      await Promise.all(answers)
      expect(await hsm.status()).toMatchObject({ state: 'ready' })
      await expect(hsm.random(1)).resolves.toHaveLength(1)
    },
  )

  test('status says so', async () => {
    const states: Promise<HsmStatus>[] = []
    await askDuring(start, (hsm) => states.push(hsm.status()))
    expect(await Promise.all(states)).toMatchObject([{ state: 'self-testing' }])
  })

  test('zeroizing is final', async () => {
    const hsm = await askDuring(start, (one) => void one.zeroize())
    expect(await hsm.status()).toMatchObject({ state: 'zeroized' })
    await expectHsmError(hsm.random(1), 'ZEROIZED')
  })
})

describe('a way of its own for whole messages is tested too:', () => {
  const native = createNativeProvider()
  const broken: readonly (readonly [string, 'ECDSA' | 'ML-DSA', Partial<Provider>])[] = [
    [
      'ECDSA, signing',
      'ECDSA',
      { signEcdsaMessage: (...args) => flipFirst(native.signEcdsaMessage?.(...args) ?? fail()) },
    ],
    ['ECDSA, verifying anything', 'ECDSA', { verifyEcdsaMessage: () => true }],
    ['ECDSA, verifying nothing', 'ECDSA', { verifyEcdsaMessage: () => false }],
    [
      'ML-DSA, signing',
      'ML-DSA',
      {
        createMlDsaKey(parameters, seed) {
          const key = native.createMlDsaKey(parameters, seed)
          return { ...key, signMessage: (message: Uint8Array) => key.sign(message.slice(0, 64), systemEntropy) }
        },
      },
    ],
    ['ML-DSA, verifying anything', 'ML-DSA', { verifyMlDsaMessage: () => true }],
    ['ML-DSA, verifying nothing', 'ML-DSA', { verifyMlDsaMessage: () => false }],
  ]

  test.each(broken)('%s', async (_, algorithm, changes) => {
    const hsm = createHsm({ provider: { ...native, name: 'native, broken', ...changes } })
    const keySpec = algorithm === 'ECDSA' ? 'ECC_NIST_P256' : 'ML_DSA_44'
    await expectHsmError(hsm.generateKey({ ...NEW_KEY, keySpec, keyUsage: 'SIGN_VERIFY' }), 'SELF_TEST_FAILED')
    const { selfTests } = await hsm.status()
    expect(selfTests.filter(({ outcome }) => outcome === 'failed')).toEqual([{ algorithm, outcome: 'failed' }])
  })

  test('and in the pair-wise test of each pair', async () => {
    let isBroken = false
    const changes: Partial<Provider> = {
      signEcdsaMessage(...args) {
        const signature = native.signEcdsaMessage?.(...args) ?? fail()
        return isBroken ? flipFirst(signature) : signature
      },
    }
    const hsm = createHsm({ provider: { ...native, name: 'native, broken later', ...changes } })
    const command = { ...NEW_KEY, keySpec: 'ECC_NIST_P384', keyUsage: 'SIGN_VERIFY' } as const
    await expect(hsm.generateKey(command)).resolves.toBeDefined()
    isBroken = true
    await expectHsmError(hsm.generateKey(command), 'SELF_TEST_FAILED')
  })
})
