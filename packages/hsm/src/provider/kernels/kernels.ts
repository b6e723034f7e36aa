/**
 * The kernels provider: AES-GCM, AES, SHA-2, HMAC, RSA's powers, ECDSA and ECDH from our WebAssembly kernels, and noble
 * for the rest.
 *
 * What a runtime can do is found by trying. Until a kernel is ready (`prepare`), and for good where it cannot be
 * compiled or fails its self-test, noble serves in its place, and `servedBy` says so.
 */

import {
  type Sha2Kernel,
  type WeierstrassKernel,
  createAesGcmKernel,
  createModExpKernel,
  createSha2Kernel,
  createWeierstrassKernel,
} from '@softkms/kernels'
import type { RsaPrimitives } from '../../asymmetric-primitives.ts'
import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { nobleProvider } from '../noble.ts'
import { type AesPrimitives, loadAes, passesAes } from './aes.ts'
import { CURVES, type CurveKernels, curvePrimitives, passesCurve } from './curves.ts'
import { type LazyKernel, createLazyKernel } from './lazy-kernel.ts'
import { loadRsa, passesRsa } from './rsa.ts'
import { type Sha2Kernels, passesSha2, sha2Primitives } from './sha2.ts'

const NAME = 'kernels'

/** Where kernels come from. */
export interface KernelSource {
  readonly createAesGcmKernel: typeof createAesGcmKernel
  readonly createSha2Kernel: typeof createSha2Kernel
  readonly createModExpKernel: typeof createModExpKernel
  readonly createWeierstrassKernel: typeof createWeierstrassKernel
}

/** The provider of this realm: its kernels, once loaded, serve every HSM in it. */
export const kernelsProvider: Provider = createKernelsProvider({
  createAesGcmKernel,
  createSha2Kernel,
  createModExpKernel,
  createWeierstrassKernel,
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
  const hashes = sha2Primitives(sha2)
  const curves = Object.fromEntries(
    CURVES.map((curve) => [
      curve,
      createLazyKernel<WeierstrassKernel>(
        () => source.createWeierstrassKernel(curve),
        (kernel) => passesCurve(kernel, curve, hashes),
      ),
    ]),
  ) as CurveKernels
  const kernels: Partial<Record<PrimitiveGroup, readonly LazyKernel<unknown>[]>> = {
    'AES-256-GCM': [aes],
    'AES-256': [aes],
    SHA: [sha2[32], sha2[64]],
    HMAC: [sha2[32], sha2[64]],
    RSA: [rsa],
    ECDSA: Object.values(curves),
    ECDH: Object.values(curves),
  }
  const isServed = (group: PrimitiveGroup): boolean =>
    kernels[group]?.every(({ current }) => current !== undefined) === true

  const curvesServedBy = (): string => {
    const missing = CURVES.filter((curve) => curves[curve].current === undefined)
    if (missing.length === 0) return NAME
    return missing.length === CURVES.length
      ? nobleProvider.name
      : `${NAME}; ${nobleProvider.name} for ${missing.join(', ')}`
  }

  return {
    ...nobleProvider,
    get name() {
      return isServed('AES-256-GCM') || isServed('SHA') || isServed('RSA') || curvesServedBy() !== nobleProvider.name
        ? NAME
        : nobleProvider.name
    },
    get servedBy() {
      return {
        ...nobleProvider.servedBy,
        ...(isServed('AES-256-GCM') ? { 'AES-256-GCM': NAME, 'AES-256': NAME } : {}),
        ...(isServed('SHA') ? { HMAC: NAME, SHA: `${NAME}; ${nobleProvider.name} for SHA-1` } : {}),
        ...(isServed('RSA') ? { RSA: NAME } : {}),
        ECDSA: curvesServedBy(),
        ECDH: curvesServedBy(),
      }
    },
    prepare(groups) {
      const waits = groups.flatMap((group) => kernels[group] ?? []).flatMap((kernel) => kernel.prepare() ?? [])
      return waits.length === 0 ? undefined : Promise.all(waits).then(() => undefined)
    },
    sealAesGcm: (...args) => (aes.current ?? nobleProvider).sealAesGcm(...args),
    openAesGcm: (...args) => (aes.current ?? nobleProvider).openAesGcm(...args),
    encryptAes256: (...args) => (aes.current ?? nobleProvider).encryptAes256(...args),
    ...hashes,
    ...curvePrimitives(curves, hashes),
    generateRsaKey: (...args) => (rsa.current ?? nobleProvider).generateRsaKey(...args),
    createRsaPublicKey: (key) => (rsa.current ?? nobleProvider).createRsaPublicKey(key),
    createRsaPrivateKey: (key, entropy) => (rsa.current ?? nobleProvider).createRsaPrivateKey(key, entropy),
  }
}
