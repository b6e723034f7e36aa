/**
 * ML-DSA against Wycheproof: signatures from a seed, and verification.
 *
 * @covers FIPS 204 §5.2, §5.3
 */

import {
  ML_DSA_SEED_LENGTH,
  ML_DSA_SIZES,
  createMlDsaKey,
  signMlDsaMu,
  verifyMlDsaMessage,
  verifyMlDsaMu,
} from '../../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import type { MlDsaParameters } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import type { Entropy } from '../../../packages/hsm/src/entropy.ts'
import { expect } from 'vitest'
import { CONTEXT_STRING } from '../../../tools/docs/vector-counts.ts'
import { DETERMINISTIC, PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface MlDsaTest extends WycheproofTest {
  readonly msg?: string
  readonly mu?: string
  readonly ctx?: string
  readonly rnd?: string
  readonly sig: string
}

interface MlDsaSignGroup {
  readonly privateSeed: string
  readonly publicKey: string
  readonly tests: readonly MlDsaTest[]
}

interface MlDsaVerifyGroup {
  readonly publicKey: string
  readonly tests: readonly MlDsaTest[]
}

for (const provider of DETERMINISTIC) {
  testWycheproof<MlDsaTest, MlDsaSignGroup>('ml-dsa signing', {
    title: provider.name,
    run(one, group, algorithm) {
      if ((one.ctx ?? '') !== '') return { skipped: CONTEXT_STRING }
      const parameters = parametersOf(algorithm)
      const seed = fromHex(group.privateSeed)
      if (seed.length !== ML_DSA_SEED_LENGTH) {
        // The length check is the algorithm's, and throws: a stored seed of another length is our own mistake.
        return !throwsRangeError(() => createMlDsaKey(provider, parameters, seed))
      }
      const key = createMlDsaKey(provider, parameters, seed)
      const mu =
        one.msg === undefined ? fromHex(one.mu ?? '') : provider.computeMlDsaMu(key.publicKey, fromHex(one.msg))
      const signature = signMlDsaMu(key, mu, fixed(one.rnd ?? '00'.repeat(32)))
      key.zeroize()
      return (
        equalBytes(key.publicKey, fromHex(group.publicKey)) &&
        equalBytes(mu, fromHex(one.mu ?? '')) &&
        equalBytes(signature, fromHex(one.sig)) &&
        verifyMlDsaMu(provider, parameters, key.publicKey, mu, signature)
      )
    },
  })
}

for (const provider of PROVIDERS) {
  testWycheproof<MlDsaTest, MlDsaVerifyGroup>('ml-dsa verification', {
    title: provider.name,
    run(one, group, algorithm) {
      if ((one.ctx ?? '') !== '') return { skipped: CONTEXT_STRING }
      const [publicKey, message, signature] = [group.publicKey, one.msg ?? '', one.sig].map(fromHex)
      if (publicKey === undefined || message === undefined || signature === undefined) return false
      return verifyMlDsaMessage(provider, parametersOf(algorithm), publicKey, message, signature)
    },
  })
}

function parametersOf(algorithm: string): MlDsaParameters {
  const parameters = (Object.keys(ML_DSA_SIZES) as MlDsaParameters[]).find((one) => one === algorithm)
  return parameters ?? expect.fail(`${algorithm} is none of ours`)
}

function fixed(hex: string): Entropy {
  return { fill: (bytes) => bytes.set(fromHex(hex)) }
}

function throwsRangeError(body: () => unknown): boolean {
  try {
    body()
    return false
  } catch (error) {
    return error instanceof RangeError
  }
}
