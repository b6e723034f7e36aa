/**
 * The kernels provider: our WebAssembly kernels where they serve, and noble for the rest.
 *
 * What a runtime can do is found by trying. Until a kernel is ready (`prepare`), and for good where it cannot be
 * compiled or fails its self-test, noble serves in its place, and `servedBy` says so.
 */

import {
  type Sha2Kernel,
  type WeierstrassKernel,
  createAesGcmKernel,
  createEdwards25519Kernel,
  createMlDsaKernel,
  createMlKemKernel,
  createModExpKernel,
  createSha2Kernel,
  createWeierstrassKernel,
} from '@softkms/kernels'
import type { RsaPrimitives } from '../../asymmetric-primitives.ts'
import type { PrimitiveGroup, Provider } from '../../provider.ts'
import { nobleProvider } from '../noble.ts'
import { type AesPrimitives, loadAes, passesAes } from './aes.ts'
import { CURVES, type CurveKernels, curvePrimitives, passesCurve } from './curves.ts'
import { type Ed25519Primitives, loadEd25519, passesEd25519 } from './ed25519.ts'
import { type LazyKernel, createLazyKernel } from './lazy-kernel.ts'
import { type MlDsaPrimitives, loadMlDsa, passesMlDsa } from './ml-dsa.ts'
import { type MlKemPrimitives, loadMlKem, passesMlKem } from './ml-kem.ts'
import { loadRsa, passesRsa } from './rsa.ts'
import { type Sha2Kernels, passesSha2, sha2Primitives } from './sha2.ts'

const NAME = 'kernels'

/** Where kernels come from. */
export interface KernelSource {
  readonly createAesGcmKernel: typeof createAesGcmKernel
  readonly createSha2Kernel: typeof createSha2Kernel
  readonly createModExpKernel: typeof createModExpKernel
  readonly createWeierstrassKernel: typeof createWeierstrassKernel
  readonly createEdwards25519Kernel: typeof createEdwards25519Kernel
  readonly createMlDsaKernel: typeof createMlDsaKernel
  readonly createMlKemKernel: typeof createMlKemKernel
}

/** The provider of this realm: its kernels, once loaded, serve every HSM in it. */
export const kernelsProvider: Provider = createKernelsProvider({
  createAesGcmKernel,
  createSha2Kernel,
  createModExpKernel,
  createWeierstrassKernel,
  createEdwards25519Kernel,
  createMlDsaKernel,
  createMlKemKernel,
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
  const ed25519 = createLazyKernel<Ed25519Primitives>(
    () => loadEd25519(source.createEdwards25519Kernel, hashes),
    passesEd25519,
  )
  const mlDsa = createLazyKernel<MlDsaPrimitives>(() => loadMlDsa(source.createMlDsaKernel), passesMlDsa)
  const mlKem = createLazyKernel<MlKemPrimitives>(() => loadMlKem(source.createMlKemKernel), passesMlKem)
  const kernels: Partial<Record<PrimitiveGroup, readonly LazyKernel<unknown>[]>> = {
    'AES-256-GCM': [aes],
    'AES-256': [aes],
    SHA: [sha2[32], sha2[64]],
    HMAC: [sha2[32], sha2[64]],
    RSA: [rsa],
    ECDSA: Object.values(curves),
    ECDH: Object.values(curves),
    Ed25519: [ed25519],
    'ML-DSA': [mlDsa],
    'ML-KEM': [mlKem],
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
  const servedBy = (): Provider['servedBy'] => {
    const served = (Object.keys(kernels) as PrimitiveGroup[]).filter(isServed).map((group) => [group, NAME])
    return {
      ...nobleProvider.servedBy,
      ...(Object.fromEntries(served) as Partial<Provider['servedBy']>),
      ...(isServed('SHA') ? { SHA: `${NAME}; ${nobleProvider.name} for SHA-1` } : {}),
      ECDSA: curvesServedBy(),
      ECDH: curvesServedBy(),
    }
  }
  /** Begins to be made ready when it is first asked for, as curves are. */
  const askEd25519 = (): Ed25519Primitives => {
    void ed25519.prepare()
    return ed25519.current ?? nobleProvider
  }

  return {
    ...nobleProvider,
    get name() {
      return Object.values(servedBy()).every((name) => name === nobleProvider.name) ? nobleProvider.name : NAME
    },
    get servedBy() {
      return servedBy()
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
    computeEd25519PublicKey: (seed) => askEd25519().computeEd25519PublicKey(seed),
    signEd25519: (...args) => askEd25519().signEd25519(...args),
    verifyEd25519: (...args) => askEd25519().verifyEd25519(...args),
    createMlDsaKey: (...args) => (mlDsa.current ?? nobleProvider).createMlDsaKey(...args),
    computeMlDsaMu: (...args) => (mlDsa.current ?? nobleProvider).computeMlDsaMu(...args),
    verifyMlDsa: (...args) => (mlDsa.current ?? nobleProvider).verifyMlDsa(...args),
    createMlKemKey: (...args) => (mlKem.current ?? nobleProvider).createMlKemKey(...args),
    encapsulate: (...args) => (mlKem.current ?? nobleProvider).encapsulate(...args),
  }
}
