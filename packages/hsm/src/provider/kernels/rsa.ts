/** RSA as the boundary asks for it: remainders, blinding and checks on BigInt, and the powers from their kernel. */

import type { ModExpKernel, PreparedModulus } from '@softkms/kernels'
import { passesRsaCast } from '../../algorithms/rsa/cast.ts'
import { createCrtPrivateKey } from '../../algorithms/rsa/crt.ts'
import { generateRsaKey } from '../../algorithms/rsa/generate.ts'
import { type Exponentiation, type Modulus, bigintExponentiation } from '../../algorithms/rsa/mod-exp.ts'
import { bytesToNumber, numberToBytes } from '../../algorithms/rsa/numbers.ts'
import { createPublicKey } from '../../algorithms/rsa/public-key.ts'
import type { RsaPrimitives } from '../../asymmetric-primitives.ts'
import { nobleProvider } from '../noble.ts'

/** The kernel's exponents are odd, above 1 and below this. */
const EXPONENT_LIMIT = 2n ** 64n

export async function loadRsa(create: () => Promise<ModExpKernel>): Promise<RsaPrimitives> {
  const exponentiation = exponentiationBy(await create())
  return {
    generateRsaKey: (modulusBits, entropy, onProgress) =>
      generateRsaKey(modulusBits, entropy, onProgress, undefined, exponentiation),
    createRsaPublicKey: (key) => createPublicKey(key, exponentiation),
    createRsaPrivateKey: (key, entropy) => createCrtPrivateKey(key, entropy, exponentiation),
  }
}

export function passesRsa(rsa: RsaPrimitives): boolean {
  return passesRsaCast({ ...nobleProvider, ...rsa })
}

/** BigInt serves the moduli and public exponents that the kernel does not have. */
function exponentiationBy(kernel: ModExpKernel): Exponentiation {
  return {
    prepare(modulus) {
      const onBigint = bigintExponentiation.prepare(modulus)
      const prepared = kernel.prepare(modulus)
      return prepared === undefined ? onBigint : modulusBy(prepared, modulus.length, onBigint)
    },
    prepareTwo(first, second) {
      const prepared = kernel.prepareTwo(first, second)
      if (prepared === undefined) return bigintExponentiation.prepareTwo(first, second)
      return {
        powers(ofFirst, ofSecond) {
          const bases = [
            numberToBytes(ofFirst.base, first.length),
            numberToBytes(ofSecond.base, second.length),
          ] as const
          const [result1, result2] = prepared.powers(
            { base: bases[0], windows: ofFirst.exponent },
            { base: bases[1], windows: ofSecond.exponent },
          )
          for (const base of bases) base.fill(0)
          return [takeNumber(result1), takeNumber(result2)]
        },
        zeroize: () => prepared.zeroize(),
      }
    },
  }
}

function modulusBy(prepared: PreparedModulus, length: number, onBigint: Modulus): Modulus {
  const compute = (base: bigint, power: (base: Uint8Array) => Uint8Array): bigint => {
    const bytes = numberToBytes(base, length)
    const result = power(bytes)
    bytes.fill(0)
    return takeNumber(result)
  }
  return {
    power: (base, exponent) => compute(base, (bytes) => prepared.power(bytes, exponent)),
    powerPublic(base, exponent) {
      if (exponent % 2n === 0n || exponent === 1n || exponent >= EXPONENT_LIMIT) {
        return onBigint.powerPublic(base, exponent)
      }
      return compute(base, (bytes) => prepared.powerPublic(bytes, exponent))
    },
    zeroize: () => prepared.zeroize(),
  }
}

/** Zeroizes the bytes. */
function takeNumber(bytes: Uint8Array): bigint {
  const number = bytesToNumber(bytes)
  bytes.fill(0)
  return number
}
