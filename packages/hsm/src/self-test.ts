/**
 * Known-answer self-tests (CASTs): each algorithm answers its own before the first command that uses it.
 *
 * The core's run at power-up, a family's before its first key. Each runs once; one that fails, or throws, takes the
 * whole module out of service. How fresh pairs were tested is noted here too. @spec FIPS 140-3 IG 10.3.A (modelled on)
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
import { passesShaCast } from './algorithms/sha/cast.ts'
import { KEY_SPECS, type KeyFamilyName, type KeySpec, hasPublicKey } from './key-spec.ts'
import type { Provider } from './provider.ts'

const CASTS: Readonly<Record<SelfTestedAlgorithm, (provider: Provider) => boolean>> = {
  SHA: passesShaCast,
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
  | 'SHA'
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
const CORE_ALGORITHMS: readonly SelfTestedAlgorithm[] = ['SHA', 'HMAC', 'KBKDF', 'AES-256-GCM', 'CTR_DRBG']

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

export interface PairWiseResult {
  readonly family: KeyFamilyName
  /** `pending` until a pair of the family is generated. */
  readonly outcome: 'passed' | 'failed' | 'pending'
}

export class SelfTests {
  readonly #provider: Provider
  readonly #outcomes = new Map<SelfTestedAlgorithm, boolean>()
  readonly #pairs = new Map<KeyFamilyName, boolean>()
  #isRunning = false

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

  /** Whether one is running at this moment: who asks was called by it. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  get results(): readonly SelfTestResult[] {
    const algorithms = Object.keys(CASTS) as SelfTestedAlgorithm[]
    return algorithms.map((algorithm) => ({ algorithm, outcome: nameOutcome(this.#outcomes.get(algorithm)) }))
  }

  get pairWiseResults(): readonly PairWiseResult[] {
    return PAIRED_FAMILIES.map((family) => ({ family, outcome: nameOutcome(this.#pairs.get(family)) }))
  }

  /** Runs the pair-wise consistency test of a fresh pair, and notes how it ended: `undefined` is a failure. */
  testPair<T>(spec: KeySpec, test: () => T | undefined): T | undefined {
    const result = this.#run(test)
    this.#pairs.set(KEY_SPECS[spec].family, result !== undefined)
    return result
  }

  #passesAll(algorithms: readonly SelfTestedAlgorithm[]): boolean {
    // Every one of them runs, so that the results tell all that is wrong.
    return algorithms.filter((algorithm) => !this.#passes(algorithm)).length === 0
  }

  #passes(algorithm: SelfTestedAlgorithm): boolean {
    const known = this.#outcomes.get(algorithm)
    if (known !== undefined) return known
    const hasPassed = this.#run(() => CASTS[algorithm](this.#provider)) === true
    this.#outcomes.set(algorithm, hasPassed)
    return hasPassed
  }

  /** @returns `undefined` when the test throws */
  #run<T>(test: () => T): T | undefined {
    this.#isRunning = true
    try {
      return test()
    } catch {
      return undefined
    } finally {
      this.#isRunning = false
    }
  }
}

const PAIRED_FAMILIES: readonly KeyFamilyName[] = [
  ...new Set((Object.keys(KEY_SPECS) as KeySpec[]).filter(hasPublicKey).map((spec) => KEY_SPECS[spec].family)),
]

function nameOutcome(hasPassed: boolean | undefined): SelfTestResult['outcome'] {
  if (hasPassed === undefined) return 'pending'
  return hasPassed ? 'passed' : 'failed'
}
