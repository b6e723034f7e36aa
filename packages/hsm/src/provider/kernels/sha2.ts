/** SHA-2 and HMAC as the boundary asks for them, from a kernel for each width of words; SHA-1 is noble's. */

import { type Sha2Kernel, WORD_BITS, type WordBits } from '@softkms/kernels'
import { passesHmacCast } from '../../algorithms/hmac/cast.ts'
import { passesShaCast } from '../../algorithms/sha/cast.ts'
import type { HashName, HashPrimitives } from '../../asymmetric-primitives.ts'
import type { MacHash, MacPrimitives } from '../../symmetric-primitives.ts'
import { nobleProvider } from '../noble.ts'
import type { LazyKernel } from './lazy-kernel.ts'

export type Sha2Kernels = Readonly<Record<WordBits, LazyKernel<Sha2Kernel>>>
type Sha2Primitives = HashPrimitives & MacPrimitives

export function sha2Primitives(kernels: Sha2Kernels): Sha2Primitives {
  return primitivesOf((hash) => kernels[WORD_BITS[hash]].current)
}

/** Whether a kernel, and noble for the hashes of the other width, answer as they must. */
export function passesSha2(kernel: Sha2Kernel, wordBits: WordBits): boolean {
  const primitives = primitivesOf((hash) => (WORD_BITS[hash] === wordBits ? kernel : undefined))
  return passesShaCast(primitives) && passesHmacCast(primitives)
}

/** @param find gives the kernel that serves a hash, or nothing where noble is to */
function primitivesOf(find: (hash: MacHash) => Sha2Kernel | undefined): Sha2Primitives {
  const findAny = (hash: HashName): Sha2Kernel | undefined => (hash === 'SHA-1' ? undefined : find(hash))
  return {
    digest(hash, ...parts) {
      const kernel = findAny(hash)
      return kernel === undefined ? nobleProvider.digest(hash, ...parts) : kernel.digest(hash as MacHash, parts)
    },
    createHash: (hash) => findAny(hash)?.createHash(hash as MacHash) ?? nobleProvider.createHash(hash),
    createHmac: (hash, key) => (find(hash) ?? nobleProvider).createHmac(hash, key),
  }
}
