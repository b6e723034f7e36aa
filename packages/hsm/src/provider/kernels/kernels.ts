/**
 * The kernels provider: AES-GCM, AES, SHA-2, HMAC and RSA's powers from our WebAssembly kernels, and noble for the rest.
 *
 * What a runtime can do is found by trying. Until a kernel is ready (`prepare`), and for good where it cannot be
 * compiled or fails its self-test, noble serves in its place, and `servedBy` says so.
 */

import { type Sha2Kernel, createAesGcmKernel, createModExpKernel, createSha2Kernel } from '@softkms/kernels'
import type { RsaPrimitives } from '../../asymmetric-primitives.ts'
import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { nobleProvider } from '../noble.ts'
import { type AesPrimitives, loadAes, passesAes } from './aes.ts'
import { type LazyKernel, createLazyKernel } from './lazy-kernel.ts'
import { loadRsa, passesRsa } from './rsa.ts'
import { type Sha2Kernels, passesSha2, sha2Primitives } from './sha2.ts'

const NAME = 'kernels'

/** Where kernels come from. */
export interface KernelSource {
  readonly createAesGcmKernel: typeof createAesGcmKernel
  readonly createSha2Kernel: typeof createSha2Kernel
  readonly createModExpKernel: typeof createModExpKernel
}

/** The provider of this realm: its kernels, once loaded, serve every HSM in it. */
export const kernelsProvider: Provider = createKernelsProvider({
  createAesGcmKernel,
  createSha2Kernel,
  createModExpKernel,
})

export function createKernelsProvider(source: KernelSource): Provider {
  const aes = createLazyKernel<AesPrimitives>(() => loadAes(source.createAesGcmKernel), passesAes)
  const sha2: Sha2Kernels = {
    32: createLazyKernel<Sha2Kernel>(
      () => source.createSha2Kernel(32),
      (kernel) => passesSha2(kernel, 32),
    ),
    64: createLazyKernel<Sha2Kernel>(
      () => source.createSha2Kernel(64),
      (kernel) => passesSha2(kernel, 64),
    ),
  }
  const rsa = createLazyKernel<RsaPrimitives>(() => loadRsa(source.createModExpKernel), passesRsa)
  const kernels: Partial<Record<PrimitiveGroup, readonly LazyKernel<unknown>[]>> = {
    'AES-256-GCM': [aes],
    'AES-256': [aes],
    SHA: [sha2[32], sha2[64]],
    HMAC: [sha2[32], sha2[64]],
    RSA: [rsa],
  }
  const isServed = (group: PrimitiveGroup): boolean =>
    kernels[group]?.every(({ current }) => current !== undefined) === true

  return {
    ...nobleProvider,
    get name() {
      return isServed('AES-256-GCM') || isServed('SHA') || isServed('RSA') ? NAME : nobleProvider.name
    },
    get servedBy() {
      return {
        ...nobleProvider.servedBy,
        ...(isServed('AES-256-GCM') ? { 'AES-256-GCM': NAME, 'AES-256': NAME } : {}),
        ...(isServed('SHA') ? { HMAC: NAME, SHA: `${NAME}; ${nobleProvider.name} for SHA-1` } : {}),
        ...(isServed('RSA') ? { RSA: NAME } : {}),
      }
    },
    prepare(groups) {
      const waits = groups.flatMap((group) => kernels[group] ?? []).flatMap((kernel) => kernel.prepare() ?? [])
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined)
    },
    sealAesGcm: (...args) => (aes.current ?? nobleProvider).sealAesGcm(...args),
    openAesGcm: (...args) => (aes.current ?? nobleProvider).openAesGcm(...args),
    encryptAes256: (...args) => (aes.current ?? nobleProvider).encryptAes256(...args),
    ...sha2Primitives(sha2),
    generateRsaKey: (...args) => (rsa.current ?? nobleProvider).generateRsaKey(...args),
    createRsaPublicKey: (key) => (rsa.current ?? nobleProvider).createRsaPublicKey(key),
    createRsaPrivateKey: (key, entropy) => (rsa.current ?? nobleProvider).createRsaPrivateKey(key, entropy),
  }
}
