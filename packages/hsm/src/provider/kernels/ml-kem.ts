/** ML-KEM as the boundary asks for it, from its kernel. */

import type { MlKemKernel } from '@softkms/kernels'
import { passesMlKemCast } from '../../algorithms/ml-kem/cast.ts'
import type { LatticePrimitives } from '../../asymmetric-primitives.ts'
import { drawBytes } from '../../entropy.ts'
import { nobleProvider } from '../noble.ts'

export type MlKemPrimitives = Pick<LatticePrimitives, 'createMlKemKey' | 'encapsulate'>

const MESSAGE_LENGTH = 32

export async function loadMlKem(create: () => Promise<MlKemKernel>): Promise<MlKemPrimitives> {
  const kernel = await create()
  return {
    createMlKemKey(parameters, seed) {
      const { encapsulationKey, decapsulationKey } = kernel.generate(parameters, seed)
      let isZeroized = false
      return {
        encapsulationKey,
        decapsulate(ciphertext) {
          if (isZeroized) throw new TypeError('The key was zeroized.')
          return kernel.decapsulate(parameters, decapsulationKey, ciphertext)
        },
        zeroize() {
          isZeroized = true
          decapsulationKey.fill(0)
        },
      }
    },

    encapsulate(parameters, encapsulationKey, entropy) {
      const message = drawBytes(entropy, MESSAGE_LENGTH)
      try {
        return kernel.encapsulate(parameters, encapsulationKey, message)
      } finally {
        message.fill(0)
      }
    },
  }
}

export function passesMlKem(mlKem: MlKemPrimitives): boolean {
  return passesMlKemCast({ ...nobleProvider, ...mlKem })
}
