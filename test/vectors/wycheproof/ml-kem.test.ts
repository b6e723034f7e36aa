/**
 * ML-KEM against Wycheproof: keys from seeds, encapsulation with given bytes, decapsulation with implicit rejection.
 *
 * @covers FIPS 203 §7
 */

import {
  ML_KEM_SEED_LENGTH,
  createMlKemKey,
  decapsulate,
  encapsulate,
} from '../../../packages/hsm/src/algorithms/ml-kem/ml-kem.ts'
import type { MlKemParameters } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { systemEntropy } from '@softkms/hsm'
import { DETERMINISTIC, PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface MlKemTest extends WycheproofTest {
  readonly seed: string
  readonly ek: string
  readonly m: string
  readonly c: string
  readonly K: string
}

interface MlKemGroup {
  readonly parameterSet: MlKemParameters
  readonly tests: readonly MlKemTest[]
}

for (const provider of PROVIDERS) {
  testWycheproof<MlKemTest, MlKemGroup>('ml-kem', {
    title: provider.name,
    run(one, { parameterSet }) {
      const seed = fromHex(one.seed)
      if (seed.length !== ML_KEM_SEED_LENGTH) return false
      const key = createMlKemKey(provider, parameterSet, seed)
      const secret = decapsulate(key, parameterSet, fromHex(one.c))
      key.zeroize()
      if (secret === undefined) return false
      return equalBytes(key.encapsulationKey, fromHex(one.ek)) && equalBytes(secret, fromHex(one.K))
    },
  })

  testWycheproof<MlKemTest, MlKemGroup>('ml-kem generation', {
    title: provider.name,
    run(one, { parameterSet }) {
      const key = createMlKemKey(provider, parameterSet, fromHex(one.seed))
      return equalBytes(key.encapsulationKey, fromHex(one.ek))
    },
  })

  testWycheproof<MlKemTest, MlKemGroup>('ml-kem encapsulation', {
    title: `${provider.name}, which keys are refused`,
    run: (one, { parameterSet }) => encapsulate(provider, parameterSet, fromHex(one.ek), systemEntropy) !== undefined,
  })
}

for (const provider of DETERMINISTIC) {
  testWycheproof<MlKemTest, MlKemGroup>('ml-kem encapsulation', {
    title: `${provider.name}, with the given bytes`,
    run(one, { parameterSet }) {
      const entropy = { fill: (bytes: Uint8Array) => bytes.set(fromHex(one.m)) }
      const made = encapsulate(provider, parameterSet, fromHex(one.ek), entropy)
      if (made === undefined) return false
      return equalBytes(made.ciphertext, fromHex(one.c)) && equalBytes(made.sharedSecret, fromHex(one.K))
    },
  })
}
