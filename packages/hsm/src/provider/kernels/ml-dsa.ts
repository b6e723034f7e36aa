/** ML-DSA as the boundary asks for it, from its kernel. */

import type { MlDsaKernel } from '@softkms/kernels'
import { passesMlDsaCast } from '../../algorithms/ml-dsa/cast.ts'
import type { LatticePrimitives } from '../../asymmetric-primitives.ts'
import { drawBytes } from '../../entropy.ts'
import { nobleProvider } from '../noble.ts'

export type MlDsaPrimitives = Pick<LatticePrimitives, 'createMlDsaKey' | 'computeMlDsaMu' | 'verifyMlDsa'>

const RND_LENGTH = 32
/** What stands before a message in the pure scheme: 0, and the length of an empty context. @spec FIPS 204 §5.2 */
const PURE_PREFIX = Uint8Array.of(0, 0)

export async function loadMlDsa(create: () => Promise<MlDsaKernel>): Promise<MlDsaPrimitives> {
  const kernel = await create()
  return {
    createMlDsaKey(parameters, seed) {
      const { publicKey, privateKey } = kernel.generate(parameters, seed)
      let isZeroized = false
      return {
        publicKey,
        sign(mu, entropy) {
          if (isZeroized) throw new TypeError('The key was zeroized.')
          const rnd = drawBytes(entropy, RND_LENGTH)
          try {
            return kernel.sign(parameters, privateKey, mu, rnd)
          } finally {
            rnd.fill(0)
          }
        },
        zeroize() {
          isZeroized = true
          privateKey.fill(0)
        },
      }
    },

    computeMlDsaMu: (publicKey, message) => kernel.computeMu(publicKey, PURE_PREFIX, message),

    verifyMlDsa: (parameters, publicKey, mu, signature) => kernel.verify(parameters, publicKey, mu, signature),
  }
}

export function passesMlDsa(mlDsa: MlDsaPrimitives): boolean {
  return passesMlDsaCast({ ...nobleProvider, ...mlDsa })
}
