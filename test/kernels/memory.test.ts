/** A kernel's memory: of one size, and with nothing in it when a function has returned, or thrown. */
import {
  type AesGcmKernel,
  type Sha2Kernel,
  type WeierstrassCurve,
  type WeierstrassKernel,
  createAesGcmKernel,
  createEdwards25519Kernel,
  createMlDsaKernel,
  createMlKemKernel,
  createSha2Kernel,
} from '@softkms/kernels'
import { describe, expect, test } from 'vitest'
import { STATE as AES_STATE } from '../../packages/kernels/src/aes-gcm/layout.ts'
import { RESULT as EDWARDS_RESULT } from '../../packages/kernels/src/edwards25519/layout.ts'
import { SPONGE as ML_DSA_SECRETS } from '../../packages/kernels/src/ml-dsa/layout.ts'
import { SPONGE as ML_KEM_SECRETS } from '../../packages/kernels/src/ml-kem/layout.ts'
import { fusedArithmetic } from '../../packages/kernels/src/mod-exp/fused.ts'
import { integerArithmetic } from '../../packages/kernels/src/mod-exp/integer.ts'
import { MODULUS, ONE } from '../../packages/kernels/src/mod-exp/layout.ts'
import { instantiateModExp } from '../../packages/kernels/src/mod-exp/mod-exp.ts'
import { STATE as SHA_STATE } from '../../packages/kernels/src/sha2/layout.ts'
import { type ArithmeticName, CURVES } from '../../packages/kernels/src/weierstrass/curve.ts'
import { createLayout } from '../../packages/kernels/src/weierstrass/curve-code.ts'
import { instantiateWeierstrass } from '../../packages/kernels/src/weierstrass/weierstrass.ts'

const PAGE = 65_536

/** Makes a kernel and keeps hold of its memory. */
async function withMemory<Kernel>(create: () => Promise<Kernel>): Promise<{ kernel: Kernel; memory: Uint8Array }> {
  const { instantiate } = WebAssembly
  let memory: Uint8Array | undefined
  const watched = async (bytes: BufferSource): Promise<WebAssembly.WebAssemblyInstantiatedSource> => {
    const source = await instantiate(bytes)
    memory = new Uint8Array((source.instance.exports['memory'] as WebAssembly.Memory).buffer)
    return source
  }
  Object.assign(WebAssembly, { instantiate: watched })
  try {
    const kernel = await create()
    if (memory === undefined) throw new Error('nothing was instantiated')
    return { kernel, memory }
  } finally {
    Object.assign(WebAssembly, { instantiate })
  }
}

const key = new Uint8Array(32).fill(0xc3)
const nonce = new Uint8Array(12).fill(0xc3)
const secret = (length: number): Uint8Array => new Uint8Array(length).fill(0xc3)
const LENGTHS = [0, 1, 16, 100, 1000, 4096, 16_384, 16_385, 50_000]

describe('AES-GCM', async () => {
  const { kernel, memory } = await withMemory(createAesGcmKernel)
  const seal = (length: number): Uint8Array => {
    const sealed = new Uint8Array(length + 16)
    kernel.seal(key, nonce, [secret(length)], secret(length), sealed)
    return sealed
  }
  const uses: Readonly<Record<string, (length: number) => unknown>> = {
    seal,
    open: (length) => kernel.open(key, nonce, [secret(length)], seal(length), secret(length)),
    'open in vain': (length) => kernel.open(key, nonce, [secret(length + 1)], seal(length), secret(length)),
    'seal little with much additional data': (length) =>
      kernel.seal(key, nonce, [secret(length), secret(length)], secret(1), secret(17)),
    encryptBlocks: (length) => kernel.encryptBlocks(key, secret(16 * length)),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    for (const length of LENGTHS) {
      uses[name]?.(length)
      expect(memory.length).toBe(PAGE)
      expect(memory.subarray(AES_STATE).every((byte) => byte === 0)).toBe(true)
    }
  })

  test('lengths that are wrong are refused, and leave nothing', () => {
    const refused: Readonly<Record<string, (use: AesGcmKernel) => unknown>> = {
      key: (use) => use.seal(secret(16), nonce, [], secret(1), secret(17)),
      nonce: (use) => use.seal(key, secret(16), [], secret(1), secret(17)),
      into: (use) => use.seal(key, nonce, [], secret(1), secret(16)),
      sealed: (use) => use.open(key, nonce, [], secret(17), secret(2)),
      blocks: (use) => use.encryptBlocks(key, secret(17)),
    }
    for (const [name, use] of Object.entries(refused)) {
      expect(() => use(kernel)).toThrow(RangeError)
      expect(() => use(kernel)).toThrow(name)
      expect(memory.subarray(AES_STATE).every((byte) => byte === 0)).toBe(true)
    }
  })
})

describe.each([
  [32, 'SHA-256', 'SHA-512'],
  [64, 'SHA-384', 'SHA-224'],
] as const)('SHA-2 of %i bits', async (wordBits, hash, other) => {
  const { kernel, memory } = await withMemory(() => createSha2Kernel(wordBits))
  const uses: Readonly<Record<string, (use: Sha2Kernel, message: Uint8Array) => unknown>> = {
    digest: (use, message) => use.digest(hash, [message, message]),
    createHash(use, message) {
      const running = use.createHash(hash)
      running.update(message)
      running.update(message)
      expect(memory.subarray(SHA_STATE).every((byte) => byte === 0)).toBe(true)
      running.digest()
    },
    createHmac: (use, message) => use.createHmac(hash, message),
    compute: (use, message) => use.createHmac(hash, key).compute(message),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    for (const length of LENGTHS) {
      uses[name]?.(kernel, secret(length))
      expect(memory.length).toBe(PAGE)
      expect(memory.subarray(SHA_STATE).every((byte) => byte === 0)).toBe(true)
    }
  })

  test('has the hashes of its width alone', () => {
    for (const use of [
      () => kernel.digest(other, []),
      () => kernel.createHash(other),
      () => kernel.createHmac(other, key),
    ]) {
      expect(use).toThrow(RangeError)
    }
  })
})

describe.each([
  ['integers', integerArithmetic],
  ['fused multiply-add', fusedArithmetic],
] as const)('powers on %s', async (_, arithmetic) => {
  const { kernel, memory } = await withMemory(() => instantiateModExp(arithmetic))
  const expectClean = (): void => {
    expect(memory.length).toBe(PAGE)
    expect(memory.subarray(MODULUS).every((byte) => byte === 0)).toBe(true)
    const one = arithmetic.encodeOne()
    expect([...memory.subarray(ONE, ONE + one.length)]).toEqual(one)
  }

  test.each([1, 128, 192, 256, 384, 512])('%i bytes', (length) => {
    const modulus = kernel.prepare(secret(length))
    expectClean()
    modulus?.power(secret(length), new Uint8Array(205).fill(31))
    expectClean()
    modulus?.powerPublic(secret(length), 65_537n)
    expectClean()
    expect(() => modulus?.power(secret(length + 1), Uint8Array.of(1))).toThrow('base')
    expect(() => modulus?.power(secret(length), Uint8Array.of(32))).toThrow('windows')
    expect(() => modulus?.power(secret(length), new Uint8Array(833))).toThrow('windows')
    for (const exponent of [-3n, 0n, 1n, 2n, 65_536n, 2n ** 64n + 1n]) {
      expect(() => modulus?.powerPublic(secret(length), exponent)).toThrow('exponent')
    }
    expectClean()
    modulus?.zeroize()
    expect(() => modulus?.power(secret(length), Uint8Array.of(1))).toThrow(TypeError)
    expect(() => modulus?.powerPublic(secret(length), 3n)).toThrow(TypeError)
    expectClean()
  })

  test('moduli that it does not have', () => {
    for (const modulus of [[], [0], [1], [2], [0, 3], [3, 0], new Uint8Array(513).fill(1)]) {
      expect(kernel.prepare(Uint8Array.from(modulus))).toBeUndefined()
    }
    expectClean()
  })
})

const CURVE_KERNELS = (Object.keys(CURVES) as WeierstrassCurve[]).flatMap((curve) =>
  (Object.keys(CURVES[curve].limbs) as ArithmeticName[]).map((arithmetic) => [curve, arithmetic] as const),
)
describe.each(CURVE_KERNELS)('%s on %s', async (curve, arithmetic) => {
  const { kernel, memory } = await withMemory(() => instantiateWeierstrass(curve, arithmetic))
  const { secrets, rows, pages } = createLayout(CURVES[curve], arithmetic)
  const { bytes } = CURVES[curve]
  const number = secret(bytes).fill(1, 0, 1)
  const point = kernel.computePoint(number) ?? expect.fail()
  const table = memory.slice(rows, secrets)
  const constants = memory.slice(0, rows)

  const uses: Readonly<Record<string, (use: WeierstrassKernel) => unknown>> = {
    isScalar: (use) => use.isScalar(number),
    computePoint: (use) => use.computePoint(number),
    'computePoint in vain': (use) => use.computePoint(secret(bytes).fill(0xff)),
    isPoint: (use) => use.isPoint(point),
    decompressPoint: (use) => use.decompressPoint(Uint8Array.of(3, ...number)),
    multiplyPoint: (use) => use.multiplyPoint(number, point),
    'multiplyPoint in vain': (use) => use.multiplyPoint(number, point.with(5, 0)),
    sign: (use) => use.sign(number, number, number),
    'sign in vain': (use) => use.sign(number, number, secret(bytes).fill(0)),
    verify: (use) => use.verify(point, number, Uint8Array.of(...number, ...number)),
    // An equation that ends at infinity takes the slow way.
    'verify slowly': (use) =>
      use.verify(
        use.computePoint(
          secret(bytes)
            .fill(0)
            .fill(1, bytes - 1),
        ) ?? point,
        number,
        Uint8Array.of(...number, ...number),
      ),
    reduceDigest: (use) => use.reduceDigest(secret(64)),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    uses[name]?.(kernel)
    expect(memory.length).toBe(pages * PAGE)
    expect(memory.subarray(secrets).every((byte) => byte === 0)).toBe(true)
    expect(memory.slice(rows, secrets)).toEqual(table)
    expect(memory.slice(0, rows)).toEqual(constants)
  })

  test('a scalar of another length is refused, and leaves nothing', () => {
    for (const wrong of [number.subarray(1), secret(bytes + 1)]) {
      expect(() => kernel.computePoint(wrong)).toThrow(RangeError)
      expect(() => kernel.multiplyPoint(wrong, point)).toThrow('scalar')
      expect(() => kernel.sign(wrong, number, number)).toThrow('scalar')
    }
    expect(memory.subarray(secrets).every((byte) => byte === 0)).toBe(true)
  })
})

describe('Ed25519', async () => {
  const { kernel, memory } = await withMemory(createEdwards25519Kernel)
  const point = kernel.multiplyBase(Uint8Array.of(...new Uint8Array(31).fill(0xc3), 0x43))
  const pages = memory.length
  const expectClean = (): void => {
    expect(memory.length).toBe(pages)
    expect(memory.subarray(EDWARDS_RESULT).every((byte) => byte === 0)).toBe(true)
  }
  const signature = new Uint8Array(64).fill(0xc3, 0, 63)
  signature.set(point)
  const uses: Readonly<Record<string, () => unknown>> = {
    multiplyBase: () => kernel.multiplyBase(new Uint8Array(32).fill(0x43)),
    reduce: () => kernel.reduce(secret(64)),
    multiplyAdd: () => kernel.multiplyAdd(secret(32), secret(32), secret(32)),
    verify: () => expect(kernel.verify(point, signature, new Uint8Array(32).fill(0x0f))).toBe(false),
    'verify what is no point': () => expect(kernel.verify(secret(32), signature, secret(32))).toBe(false),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    expectClean()
    uses[name]?.()
    expectClean()
  })

  test('what is wrong is refused, and leaves nothing', () => {
    const refused: Readonly<Record<string, () => unknown>> = {
      scalar: () => kernel.multiplyBase(secret(31)),
      'below 2^255': () => kernel.multiplyBase(secret(32)),
      wide: () => kernel.reduce(secret(63)),
      b: () => kernel.multiplyAdd(secret(32), secret(33), secret(32)),
      publicKey: () => kernel.verify(secret(31), signature, secret(32)),
      signature: () => kernel.verify(point, secret(63), secret(32)),
      challenge: () => kernel.verify(point, signature, secret(33)),
    }
    for (const [message, use] of Object.entries(refused)) {
      expect(use).toThrow(RangeError)
      expect(use).toThrow(message)
      expectClean()
    }
  })
})

describe.each(['ML-DSA-44', 'ML-DSA-65', 'ML-DSA-87'] as const)('%s', async (parameters) => {
  const { kernel, memory } = await withMemory(createMlDsaKernel)
  const { length } = memory
  const expectClean = (): void => {
    expect(memory.length).toBe(length)
    expect(memory.subarray(ML_DSA_SECRETS).every((byte) => byte === 0)).toBe(true)
  }
  const { publicKey, privateKey } = kernel.generate(parameters, secret(32))
  const signature = kernel.sign(parameters, privateKey, secret(64), secret(32))
  const uses: Readonly<Record<string, () => unknown>> = {
    generate: () => kernel.generate(parameters, secret(32)),
    'compute μ': () => LENGTHS.map((size) => kernel.computeMu(publicKey, secret(2), secret(size))),
    sign: () => kernel.sign(parameters, privateKey, secret(64), secret(32)),
    verify: () => expect(kernel.verify(parameters, publicKey, secret(64), signature)).toBe(true),
    'verify in vain': () =>
      expect(
        kernel.verify(
          parameters,
          publicKey,
          secret(64),
          signature.map(() => 1),
        ),
      ).toBe(false),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    uses[name]?.()
    expectClean()
  })

  test('lengths that are wrong are refused, and leave nothing', () => {
    const refused: Readonly<Record<string, () => unknown>> = {
      seed: () => kernel.generate(parameters, secret(31)),
      privateKey: () => kernel.sign(parameters, publicKey, secret(64), secret(32)),
      mu: () => kernel.sign(parameters, privateKey, secret(63), secret(32)),
      rnd: () => kernel.sign(parameters, privateKey, secret(64), secret(31)),
      publicKey: () => kernel.verify(parameters, privateKey, secret(64), signature),
      signature: () => kernel.verify(parameters, publicKey, secret(64), signature.subarray(1)),
    }
    for (const [name, use] of Object.entries(refused)) {
      expect(use).toThrow(RangeError)
      expect(use).toThrow(name)
      expectClean()
    }
  })
})

describe.each(['ML-KEM-512', 'ML-KEM-768', 'ML-KEM-1024'] as const)('%s', async (parameters) => {
  const { kernel, memory } = await withMemory(createMlKemKernel)
  const { length } = memory
  const expectClean = (): void => {
    expect(memory.length).toBe(length)
    expect(memory.subarray(ML_KEM_SECRETS).every((byte) => byte === 0)).toBe(true)
  }
  const { encapsulationKey, decapsulationKey } = kernel.generate(parameters, secret(64))
  const { ciphertext } = kernel.encapsulate(parameters, encapsulationKey, secret(32)) ?? expect.fail()
  const uses: Readonly<Record<string, () => unknown>> = {
    generate: () => kernel.generate(parameters, secret(64)),
    encapsulate: () => kernel.encapsulate(parameters, encapsulationKey, secret(32)),
    'encapsulate in vain': () =>
      expect(
        kernel.encapsulate(
          parameters,
          encapsulationKey.map(() => 0xff),
          secret(32),
        ),
      ).toBeUndefined(),
    decapsulate: () => kernel.decapsulate(parameters, decapsulationKey, ciphertext),
    'decapsulate in vain': () =>
      kernel.decapsulate(
        parameters,
        decapsulationKey,
        ciphertext.map(() => 0xc3),
      ),
  }
  test.each(Object.keys(uses))('%s', (name) => {
    uses[name]?.()
    expectClean()
  })

  test('lengths that are wrong are refused, and leave nothing', () => {
    const refused: Readonly<Record<string, () => unknown>> = {
      seed: () => kernel.generate(parameters, secret(32)),
      encapsulationKey: () => kernel.encapsulate(parameters, decapsulationKey, secret(32)),
      message: () => kernel.encapsulate(parameters, encapsulationKey, secret(33)),
      decapsulationKey: () => kernel.decapsulate(parameters, encapsulationKey, ciphertext),
      ciphertext: () => kernel.decapsulate(parameters, decapsulationKey, ciphertext.subarray(1)),
    }
    for (const [name, use] of Object.entries(refused)) {
      expect(use).toThrow(RangeError)
      expect(use).toThrow(name)
      expectClean()
    }
  })
})
