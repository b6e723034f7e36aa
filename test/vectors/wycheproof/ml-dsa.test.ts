/**
 * ML-DSA against Wycheproof: signatures from a seed, and verification.
 *
 * @covers FIPS 204 §5.2, §5.3
 */

import {
  ML_DSA_SEED_LENGTH,
  createMlDsaKey,
  signMlDsaMu,
  verifyMlDsaMessage,
  verifyMlDsaMu,
} from '../../../packages/hsm/src/algorithms/ml-dsa/ml-dsa.ts'
import type { MlDsaParameters } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import type { Entropy } from '../../../packages/hsm/src/entropy.ts'
import { nobleProvider } from '@softkms/hsm'
import { PROVIDERS } from '../../support/providers.ts'
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

const CONTEXT = 'AWS KMS signs with an empty context string'

const SIGN_FILES: readonly {
  readonly name: string
  readonly parameters: MlDsaParameters
  readonly count: number
  readonly contexts: number
}[] = [
  { name: 'mldsa_44_sign_seed', parameters: 'ML-DSA-44', count: 86, contexts: 4 },
  { name: 'mldsa_65_sign_seed', parameters: 'ML-DSA-65', count: 105, contexts: 4 },
]

for (const { name, parameters, count, contexts } of SIGN_FILES) {
  testWycheproof<MlDsaTest, MlDsaSignGroup>(name, {
    count,
    skipped: { [CONTEXT]: contexts },
    run(one, group) {
      if ((one.ctx ?? '') !== '') return { skipped: CONTEXT }
      const seed = fromHex(group.privateSeed)
      if (seed.length !== ML_DSA_SEED_LENGTH) {
        // The length check is the algorithm's, and throws: a stored seed of another length is our own mistake.
        return !throwsRangeError(() => createMlDsaKey(nobleProvider, parameters, seed))
      }
      const key = createMlDsaKey(nobleProvider, parameters, seed)
      const mu =
        one.msg === undefined ? fromHex(one.mu ?? '') : nobleProvider.computeMlDsaMu(key.publicKey, fromHex(one.msg))
      const signature = signMlDsaMu(key, mu, fixed(one.rnd ?? '00'.repeat(32)))
      key.zeroize()
      return (
        equalBytes(key.publicKey, fromHex(group.publicKey)) &&
        equalBytes(mu, fromHex(one.mu ?? '')) &&
        equalBytes(signature, fromHex(one.sig)) &&
        verifyMlDsaMu(nobleProvider, parameters, key.publicKey, mu, signature)
      )
    },
  })
}

const VERIFY_FILES: readonly {
  readonly name: string
  readonly parameters: MlDsaParameters
  readonly count: number
  readonly contexts: number
}[] = [
  { name: 'mldsa_44_verify', parameters: 'ML-DSA-44', count: 180, contexts: 7 },
  { name: 'mldsa_65_verify', parameters: 'ML-DSA-65', count: 210, contexts: 7 },
]

for (const provider of PROVIDERS) {
  for (const { name, parameters, count, contexts } of VERIFY_FILES) {
    testWycheproof<MlDsaTest, MlDsaVerifyGroup>(name, {
      title: provider.name,
      count,
      skipped: { [CONTEXT]: contexts },
      run(one, group) {
        if ((one.ctx ?? '') !== '') return { skipped: CONTEXT }
        const [publicKey, message, signature] = [group.publicKey, one.msg ?? '', one.sig].map(fromHex)
        if (publicKey === undefined || message === undefined || signature === undefined) return false
        return verifyMlDsaMessage(provider, parameters, publicKey, message, signature)
      },
    })
  }
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
