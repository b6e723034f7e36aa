/**
 * Known-answer self-tests (CASTs): each algorithm answers its own before the first command that uses it.
 *
 * The core's run at power-up, a family's before its first key. Each runs once; one that fails, or throws, takes the
 * whole module out of service. @spec FIPS 140-3 IG 10.3.A (modelled on)
 */

import { passesAesGcmCast } from './algorithms/aes-gcm/cast.ts'
import { passesCtrDrbgCast } from './algorithms/ctr-drbg/cast.ts'
import { passesEcdhCast } from './algorithms/ecdh/cast.ts'
import { passesEcdsaCast } from './algorithms/ecdsa/cast.ts'
import { passesEd25519Cast } from './algorithms/eddsa/cast.ts'
import { passesHmacCast } from './algorithms/hmac/cast.ts'
import { passesKbkdfCast } from './algorithms/kbkdf/cast.ts'
import { passesAesKwpCast } from './algorithms/key-wrap/cast.ts'
import { passesMlDsaCast } from './algorithms/ml-dsa/cast.ts'
import { passesMlKemCast } from './algorithms/ml-kem/cast.ts'
import { passesRsaCast } from './algorithms/rsa/cast.ts'
import type { KeyFamilyName } from './key-spec.ts'
import type { Provider } from './provider.ts'

const CASTS: Readonly<Record<SelfTestedAlgorithm, (provider: Provider) => boolean>> = {
  HMAC: passesHmacCast,
  KBKDF: passesKbkdfCast,
  'AES-256-GCM': passesAesGcmCast,
  CTR_DRBG: passesCtrDrbgCast,
  'AES-256-KWP': passesAesKwpCast,
  RSA: passesRsaCast,
  ECDSA: passesEcdsaCast,
  ECDH: passesEcdhCast,
  Ed25519: passesEd25519Cast,
  'ML-DSA': passesMlDsaCast,
  'ML-KEM': passesMlKemCast,
}

export type SelfTestedAlgorithm =
  | 'HMAC'
  | 'KBKDF'
  | 'AES-256-GCM'
  | 'CTR_DRBG'
  | 'AES-256-KWP'
  | 'RSA'
  | 'ECDSA'
  | 'ECDH'
  | 'Ed25519'
  | 'ML-DSA'
  | 'ML-KEM'

/** What the module itself is made of, whichever keys it holds. */
const CORE_ALGORITHMS: readonly SelfTestedAlgorithm[] = ['HMAC', 'KBKDF', 'AES-256-GCM', 'CTR_DRBG']

const FAMILY_ALGORITHMS: Readonly<Record<KeyFamilyName, readonly SelfTestedAlgorithm[]>> = {
  symmetric: [],
  hmac: [],
  rsa: ['RSA', 'AES-256-KWP'],
  ec: ['ECDSA', 'ECDH'],
  edwards: ['Ed25519'],
  'ml-dsa': ['ML-DSA'],
  'ml-kem': ['ML-KEM'],
}

export interface SelfTestResult {
  readonly algorithm: SelfTestedAlgorithm
  /** `pending` until a key of its family is first used. */
  readonly outcome: 'passed' | 'failed' | 'pending'
}

export class SelfTests {
  readonly #provider: Provider
  readonly #outcomes = new Map<SelfTestedAlgorithm, boolean>()

  constructor(provider: Provider) {
    this.#provider = provider
  }

  /** Runs the tests of the core. @returns whether they passed */
  passesCore(): boolean {
    return this.#passesAll(CORE_ALGORITHMS)
  }

  /** Runs the tests of a family that have not run. @returns whether they passed */
  passesFamily(family: KeyFamilyName): boolean {
    return this.#passesAll(FAMILY_ALGORITHMS[family])
  }

  get results(): readonly SelfTestResult[] {
    return (Object.keys(CASTS) as SelfTestedAlgorithm[]).map((algorithm) => {
      const hasPassed = this.#outcomes.get(algorithm)
      return { algorithm, outcome: hasPassed === undefined ? 'pending' : hasPassed ? 'passed' : 'failed' }
    })
  }

  #passesAll(algorithms: readonly SelfTestedAlgorithm[]): boolean {
    // Every one of them runs, so that the results tell all that is wrong.
    return algorithms.filter((algorithm) => !this.#passes(algorithm)).length === 0
  }

  #passes(algorithm: SelfTestedAlgorithm): boolean {
    const known = this.#outcomes.get(algorithm)
    if (known !== undefined) return known
    const hasPassed = runCast(CASTS[algorithm], this.#provider)
    this.#outcomes.set(algorithm, hasPassed)
    return hasPassed
  }
}

function runCast(passes: (provider: Provider) => boolean, provider: Provider): boolean {
  try {
    return passes(provider)
  } catch {
    return false
  }
}
