/** Which key pairs GenerateDataKeyPair gives. */

import { DATA_KEY_PAIR_SPECS, type DataKeyPairSpec } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import { isSpecIn } from '../key/spec-in-region.ts'

/**
 * @throws KmsError `UnsupportedOperationException` for SM2, which AWS has in China Regions alone and softkms nowhere, and
 * for what AWS does not have in the Region
 */
export function assertDataKeyPairSpec(spec: string, region: string): asserts spec is DataKeyPairSpec {
  const known: readonly string[] = DATA_KEY_PAIR_SPECS
  if (known.includes(spec) && isSpecIn(region, spec)) return
  throw new KmsError('UnsupportedOperationException', `KeyPairSpec ${spec} is not supported in this Region.`)
}
