/** The kernels provider: what a runtime can do is found by trying, and noble stands behind whatever it cannot. */
import { type Hsm, type Provider, createHsm, kernelsProvider, nobleProvider } from '@softkms/hsm'
import {
  type ModExpKernel,
  type WeierstrassKernel,
  createAesGcmKernel,
  createEdwards25519Kernel,
  createMlDsaKernel,
  createMlKemKernel,
  createModExpKernel,
  createSha2Kernel,
  createWeierstrassKernel,
} from '@softkms/kernels'
import { createContext, runInContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import { type KernelSource, createKernelsProvider } from '../../packages/hsm/src/provider/kernels/kernels.ts'
import { createTeachingHsm } from '../../packages/hsm/src/teaching.ts'
import { altered } from '../support/altered-kernel.ts'
import { NEW_KEY, open, seal } from '../support/hsm-fixture.ts'
import { GROUPS } from '../support/providers.ts'

const SOURCE: KernelSource = {
  createAesGcmKernel,
  createSha2Kernel,
  createModExpKernel,
  createWeierstrassKernel,
  createEdwards25519Kernel,
  createMlDsaKernel,
  createMlKemKernel,
}
const WITH_AES = { 'AES-256-GCM': 'kernels', 'AES-256': 'kernels' }
const WITH_SHA = { HMAC: 'kernels', SHA: 'kernels; noble for SHA-1' }
const WITH_RSA = { RSA: 'kernels' }
const WITH_CURVES = { ECDSA: 'kernels', ECDH: 'kernels' }
const WITH_ED25519 = { Ed25519: 'kernels' }
const WITH_ML_DSA = { 'ML-DSA': 'kernels' }
const WITH_ML_KEM = { 'ML-KEM': 'kernels' }
const WITH_LATTICES = { ...WITH_ML_DSA, ...WITH_ML_KEM }
const WITH_ALL = { ...WITH_AES, ...WITH_SHA, ...WITH_RSA, ...WITH_CURVES, ...WITH_ED25519, ...WITH_LATTICES }

/** What is left when some groups are noble's. */
function without(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(WITH_ALL).filter(([group]) => !(group in groups)))
}

function forbidden(): Promise<never> {
  return Promise.reject(new Error('this runtime compiles nothing'))
}

function trap(): never {
  throw new WebAssembly.RuntimeError('unreachable')
}

async function expectToWork(hsm: Hsm): Promise<void> {
  const { token } = await hsm.generateKey(NEW_KEY)
  expect(await open(hsm, token, await seal(hsm, token, Uint8Array.of(1, 2, 3)))).toEqual(Uint8Array.of(1, 2, 3))
}

test('is what an HSM computes with by default, and its status says so', async () => {
  const hsm = createHsm()
  const { provider, servedBy } = await hsm.status()
  expect(provider).toBe('kernels')
  expect(servedBy).toEqual({ ...nobleProvider.servedBy, ...WITH_ALL })
  await expectToWork(hsm)
})

test('is noble until its kernels are ready, and waits for none that nobody asked for', async () => {
  const loaded: string[] = []
  const provider = createKernelsProvider({
    createAesGcmKernel: () => (loaded.push('AES'), createAesGcmKernel()),
    createSha2Kernel: (bits) => (loaded.push(`SHA-2 of ${bits} bits`), createSha2Kernel(bits)),
    createModExpKernel: () => (loaded.push('powers'), createModExpKernel()),
    createWeierstrassKernel: (curve) => (loaded.push(curve), createWeierstrassKernel(curve)),
    createEdwards25519Kernel: () => (loaded.push('Ed25519'), createEdwards25519Kernel()),
    createMlDsaKernel: () => (loaded.push('ML-DSA'), createMlDsaKernel()),
    createMlKemKernel: () => (loaded.push('ML-KEM'), createMlKemKernel()),
  })
  expect([provider.name, provider.servedBy]).toEqual(['noble', nobleProvider.servedBy])
  const question = [new Uint8Array(32), new Uint8Array(12), new Uint8Array(5), new Uint8Array(7)] as const
  const answer = provider.sealAesGcm(...question)
  expect(loaded).toEqual([])

  expect(provider.prepare?.(['AES-256-KWP'])).toBeUndefined()
  await Promise.all([provider.prepare?.(['AES-256-GCM']), provider.prepare?.(['AES-256'])])
  expect(loaded).toEqual(['AES'])
  expect([provider.name, provider.servedBy]).toEqual(['kernels', { ...nobleProvider.servedBy, ...WITH_AES }])
  expect(provider.sealAesGcm(...question)).toEqual(answer)
  expect(provider.prepare?.(['AES-256-GCM'])).toBeUndefined()

  await provider.prepare?.(GROUPS)
  expect(loaded.toSorted()).toEqual([
    'AES',
    'Ed25519',
    'ML-DSA',
    'ML-KEM',
    'P-256',
    'P-384',
    'P-521',
    'SHA-2 of 32 bits',
    'SHA-2 of 64 bits',
    'powers',
    'secp256k1',
  ])
  expect(provider.servedBy).toEqual({ ...nobleProvider.servedBy, ...WITH_ALL })
})

test('no HSM waits for a curve: the first call of one makes it ready, alone, and is answered by noble', async () => {
  const loaded: Promise<WeierstrassKernel>[] = []
  const provider = createKernelsProvider({
    ...SOURCE,
    createWeierstrassKernel(curve) {
      expect(curve).toBe('P-384')
      loaded.push(createWeierstrassKernel(curve))
      return loaded[0] ?? expect.fail()
    },
  })
  await createHsm({ provider }).status()
  expect(loaded).toEqual([])

  const scalar = new Uint8Array(48).fill(7)
  const point = provider.computePoint('P-384', scalar)
  expect(loaded).toHaveLength(1)
  expect(provider.servedBy).toMatchObject({ ECDSA: 'noble', ECDH: 'noble' })
  await loaded[0]
  await Promise.resolve()
  expect(provider.servedBy).toMatchObject({ ECDSA: 'kernels; noble for P-256, P-521, secp256k1' })
  expect(provider.computePoint('P-384', scalar)).toEqual(point)
  expect(loaded).toHaveLength(1)
})

describe('a kernel that cannot be had, or answers wrongly, is noble’s, and said to be', () => {
  const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => (i === 0 ? byte ^ 1 : byte))
  const wrongPowers = (method: 'powers' | 'powerPublic') => async (): Promise<ModExpKernel> => {
    const kernel = await createModExpKernel()
    return {
      prepare(modulus) {
        const prepared = kernel.prepare(modulus)
        if (prepared === undefined || method !== 'powerPublic') return prepared
        return {
          power: (...args) => prepared.power(...args),
          powerPublic: (...args) => flip(prepared.powerPublic(...args)),
          zeroize: () => prepared.zeroize(),
        }
      },
      prepareTwo(...moduli) {
        const prepared = kernel.prepareTwo(...moduli)
        if (prepared === undefined || method !== 'powers') return prepared
        return {
          powers(...args) {
            const [first, second] = prepared.powers(...args)
            return [first, flip(second)]
          },
          zeroize: () => prepared.zeroize(),
        }
      },
    }
  }
  const flipped = (bytes: Uint8Array | undefined): Uint8Array | undefined => bytes && flip(bytes)
  const cases: Readonly<Record<string, readonly [Partial<KernelSource>, Partial<Provider['servedBy']>, string]>> = {
    'nothing compiles': [
      {
        createAesGcmKernel: forbidden,
        createSha2Kernel: forbidden,
        createModExpKernel: forbidden,
        createWeierstrassKernel: forbidden,
        createEdwards25519Kernel: forbidden,
        createMlDsaKernel: forbidden,
        createMlKemKernel: forbidden,
      },
      {},
      'noble',
    ],
    'RSA’s powers do not': [{ createModExpKernel: forbidden }, without(WITH_RSA), 'kernels'],
    'no curve does': [{ createWeierstrassKernel: forbidden }, without(WITH_CURVES), 'kernels'],
    'two curves do not': [
      {
        createWeierstrassKernel: (curve) =>
          curve === 'P-384' || curve === 'secp256k1' ? forbidden() : createWeierstrassKernel(curve),
      },
      {
        ...WITH_ALL,
        ECDSA: 'kernels; noble for P-384, secp256k1',
        ECDH: 'kernels; noble for P-384, secp256k1',
      },
      'kernels',
    ],
    'points are wrong': [
      {
        createWeierstrassKernel: altered(createWeierstrassKernel, (right) => ({
          computePoint: (scalar) => flipped(right.computePoint(scalar)),
        })),
      },
      without(WITH_CURVES),
      'kernels',
    ],
    'signatures are wrong': [
      {
        createWeierstrassKernel: altered(createWeierstrassKernel, (right) => ({
          sign: (...args) => flipped(right.sign(...args)),
        })),
      },
      without(WITH_CURVES),
      'kernels',
    ],
    'no nonce ever serves': [
      { createWeierstrassKernel: altered(createWeierstrassKernel, () => ({ sign: () => undefined })) },
      without(WITH_CURVES),
      'kernels',
    ],
    'every signature verifies': [
      { createWeierstrassKernel: altered(createWeierstrassKernel, () => ({ verify: () => true })) },
      without(WITH_CURVES),
      'kernels',
    ],
    'shared secrets are wrong': [
      {
        createWeierstrassKernel: altered(createWeierstrassKernel, (right) => ({
          multiplyPoint: (...args) => flipped(right.multiplyPoint(...args)),
        })),
      },
      without(WITH_CURVES),
      'kernels',
    ],
    'everything is a point': [
      {
        createWeierstrassKernel: altered(createWeierstrassKernel, () => ({
          isPoint: () => true,
          multiplyPoint: () => new Uint8Array(32),
        })),
      },
      without(WITH_CURVES),
      'kernels',
    ],
    'Ed25519 does not': [{ createEdwards25519Kernel: forbidden }, without(WITH_ED25519), 'kernels'],
    'Ed25519 multiplies wrongly': [
      {
        createEdwards25519Kernel: altered(createEdwards25519Kernel, (right) => ({
          multiplyBase: (scalar) => flip(right.multiplyBase(scalar)),
        })),
      },
      without(WITH_ED25519),
      'kernels',
    ],
    'Ed25519 verifies everything': [
      { createEdwards25519Kernel: altered(createEdwards25519Kernel, () => ({ verify: () => true })) },
      without(WITH_ED25519),
      'kernels',
    ],
    'no lattice does': [
      { createMlDsaKernel: forbidden, createMlKemKernel: forbidden },
      without(WITH_LATTICES),
      'kernels',
    ],
    'ML-DSA signs wrongly': [
      { createMlDsaKernel: altered(createMlDsaKernel, (right) => ({ sign: (...args) => flip(right.sign(...args)) })) },
      without(WITH_ML_DSA),
      'kernels',
    ],
    'ML-DSA verifies everything': [
      { createMlDsaKernel: altered(createMlDsaKernel, () => ({ verify: () => true })) },
      without(WITH_ML_DSA),
      'kernels',
    ],
    'ML-KEM decapsulates wrongly': [
      {
        createMlKemKernel: altered(createMlKemKernel, (right) => ({
          decapsulate: (...args) => flip(right.decapsulate(...args)),
        })),
      },
      without(WITH_ML_KEM),
      'kernels',
    ],
    'ML-KEM rejects everything': [
      {
        createMlKemKernel: altered(createMlKemKernel, (right) => ({
          decapsulate: (parameters, key, ciphertext) => right.decapsulate(parameters, key, flip(ciphertext)),
        })),
      },
      without(WITH_ML_KEM),
      'kernels',
    ],
    'AES does not': [{ createAesGcmKernel: forbidden }, without(WITH_AES), 'kernels'],
    'SHA-512 does not': [
      { createSha2Kernel: (bits) => (bits === 64 ? forbidden() : createSha2Kernel(bits)) },
      without(WITH_SHA),
      'kernels',
    ],
    'AES seals wrongly': [
      {
        async createAesGcmKernel() {
          const kernel = await createAesGcmKernel()
          return {
            seal(...args) {
              kernel.seal(...args)
              args[4][0] = (args[4][0] ?? 0) ^ 1
            },
            open: (...args) => kernel.open(...args),
            encryptBlocks: (...args) => kernel.encryptBlocks(...args),
          }
        },
      },
      without(WITH_AES),
      'kernels',
    ],
    'AES opens everything': [
      {
        async createAesGcmKernel() {
          const kernel = await createAesGcmKernel()
          return {
            seal: (...args) => kernel.seal(...args),
            open: (...args) => (kernel.open(...args), true),
            encryptBlocks: (...args) => kernel.encryptBlocks(...args),
          }
        },
      },
      without(WITH_AES),
      'kernels',
    ],
    'SHA-2 digests wrongly': [
      {
        async createSha2Kernel(bits) {
          const kernel = await createSha2Kernel(bits)
          return {
            digest: (...args) => flip(kernel.digest(...args)),
            createHash: (hash) => kernel.createHash(hash),
            createHmac: (...args) => kernel.createHmac(...args),
          }
        },
      },
      without(WITH_SHA),
      'kernels',
    ],
    'SHA-2 traps': [
      { createSha2Kernel: async () => ({ digest: trap, createHash: trap, createHmac: trap }) },
      without(WITH_SHA),
      'kernels',
    ],
    'powers are wrong': [{ createModExpKernel: wrongPowers('powers') }, without(WITH_RSA), 'kernels'],
    'public powers are wrong': [{ createModExpKernel: wrongPowers('powerPublic') }, without(WITH_RSA), 'kernels'],
  }

  test.each(Object.entries(cases))('%s', async (_, [broken, servedBy, name]) => {
    const provider = createKernelsProvider({ ...SOURCE, ...broken })
    await provider.prepare?.(GROUPS)
    const hsm = createHsm({ provider })
    expect(await hsm.status()).toMatchObject({
      state: 'ready',
      provider: name,
      servedBy: { ...nobleProvider.servedBy, ...servedBy },
    })
    await expectToWork(hsm)
  })
})

describe('what a runtime lacks', () => {
  const there = globalThis.WebAssembly
  afterEach(() => void Object.assign(globalThis, { WebAssembly: there }))

  test.each<readonly [string, unknown]>([
    ['WebAssembly', undefined],
    // What a Content Security Policy without wasm-unsafe-eval does.
    [
      'leave to compile',
      runInContext('WebAssembly', createContext({}, { codeGeneration: { wasm: false, strings: true } })),
    ],
    ['vectors', { validate: () => false, instantiate: () => there.instantiate(Uint8Array.of(0, 97, 115, 109, 2)) }],
  ])('%s', async (_, WebAssembly) => {
    Object.assign(globalThis, { WebAssembly })
    const provider = createKernelsProvider(SOURCE)
    await provider.prepare?.(GROUPS)
    const hsm = createHsm({ provider })
    expect(await hsm.status()).toMatchObject({ provider: 'noble', servedBy: nobleProvider.servedBy })
    await expectToWork(hsm)
  })
})

test('commands that come while kernels are compiled are answered, and zeroizing does not wait', async () => {
  const provider = createKernelsProvider(SOURCE)
  const hsm = createHsm({ provider })
  const drawn = await Promise.all([hsm.random(16), hsm.random(16), hsm.generateKey(NEW_KEY)])
  expect(drawn[0]).not.toEqual(drawn[1])

  const other = createHsm({ provider: createKernelsProvider(SOURCE) })
  const late = other.random(16)
  await other.zeroize()
  await expect(late).rejects.toMatchObject({ code: 'ZEROIZED' })
})

test('a command is taken as it was given, though it waits', async () => {
  const hsm = createHsm({ provider: createKernelsProvider(SOURCE) })
  const command = { ...NEW_KEY, keyId: 'first' }
  const generated = hsm.generateKey(command)
  command.keyId = 'second'
  expect(await hsm.describeKey((await generated).token)).toMatchObject({ keyId: 'first' })
})

test('a teaching HSM says who serves it, too', async () => {
  const { provider, servedBy } = await createTeachingHsm({ trace: () => undefined }).status()
  expect([provider, servedBy]).toEqual([kernelsProvider.name, kernelsProvider.servedBy])
})
