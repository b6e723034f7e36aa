/** Which key pairs GenerateDataKeyPair gives. */

import { type DataKeyPairSpec, KEY_SPECS, hasPublicKey } from '@softkms/hsm'
import { KmsError } from '../errors.ts'

/** @throws KmsError `UnsupportedOperationException` for SM2, which AWS has in China Regions alone and softkms nowhere */
export function assertDataKeyPairSpec(spec: string): asserts spec is DataKeyPairSpec {
  if (Object.hasOwn(KEY_SPECS, spec) && hasPublicKey(spec as DataKeyPairSpec)) return
  throw new KmsError('UnsupportedOperationException', `KeyPairSpec ${spec} is not supported in this Region.`)
}
