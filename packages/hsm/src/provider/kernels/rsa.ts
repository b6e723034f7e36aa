/** RSA as the boundary asks for it: remainders, blinding and checks on BigInt, and the powers from their kernel. */

import type { ModExpKernel } from '@softkms/kernels'
import { passesRsaCast } from '../../algorithms/rsa/cast.ts'
import { createCrtPrivateKey } from '../../algorithms/rsa/crt.ts'
import { generateRsaKey } from '../../algorithms/rsa/generate.ts'
import { type PrepareModulus, prepareBigintModulus } from '../../algorithms/rsa/mod-exp.ts'
import { bytesToNumber, numberToBytes } from '../../algorithms/rsa/numbers.ts'
import { createPublicKey } from '../../algorithms/rsa/public-key.ts'
import type { RsaPrimitives } from '../../asymmetric-primitives.ts'
import { nobleProvider } from '../noble.ts'

/** The kernel's exponents are odd, above 1 and below this. */
const EXPONENT_LIMIT = 2n ** 64n

export async function loadRsa(create: () => Promise<ModExpKernel>): Promise<RsaPrimitives> {
  const prepare = prepareIn(await create())
  return {
    generateRsaKey: (modulusBits, entropy, onProgress) =>
      generateRsaKey(modulusBits, entropy, onProgress, undefined, prepare),
    createRsaPublicKey: (key) => createPublicKey(key, prepare),
    createRsaPrivateKey: (key, entropy) => createCrtPrivateKey(key, entropy, prepare),
  }
}

export function passesRsa(rsa: RsaPrimitives): boolean {
  return passesRsaCast({ ...nobleProvider, ...rsa })
}

/** BigInt serves the moduli and public exponents that the kernel does not have. */
function prepareIn(kernel: ModExpKernel): PrepareModulus {
  return (modulus) => {
    const onBigint = prepareBigintModulus(modulus)
    const prepared = kernel.prepare(modulus)
    if (prepared === undefined) return onBigint
    const { length } = modulus
    const compute = (base: bigint, power: (base: Uint8Array) => Uint8Array): bigint => {
      const bytes = numberToBytes(base, length)
      const result = power(bytes)
      const number = bytesToNumber(result)
      bytes.fill(0)
      result.fill(0)
      return number
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
}
