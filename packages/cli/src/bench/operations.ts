/** Which operations are timed: those of each key spec, in all its usages, over anything that performs them. */

import { DATA_KEY_PAIR_SPECS, type DataKeyPairSpec, KEY_SPECS, type KeySpec, type KmsKeyUsage } from '@softkms/hsm'
import {
  agreementOperations,
  encapsulationOperations,
  pairOperation,
  rsaOperations,
  signOperations,
} from './asymmetric-operations.ts'
import type { BenchedKey, BenchedOperation, CallKms, FindKey } from './operation.ts'
import { macOperations, symmetricOperations } from './symmetric-operations.ts'

/** The operations of keys of a spec, and, where there is one, of the data key pair. */
export function operationsOfSpec(call: CallKms, spec: KeySpec, findKey: FindKey): readonly BenchedOperation[] {
  const usages = KEY_SPECS[spec].usages.filter((usage): usage is KmsKeyUsage => usage !== 'UNWRAP')
  const operations = usages.flatMap((usage) => operationsOfKey(call, usage, { spec, find: () => findKey(spec, usage) }))
  // RSA pairs take as long as the search for their primes.
  const hasPair = isPairSpec(spec) && KEY_SPECS[spec].family !== 'rsa'
  return hasPair ? [...operations, pairOperation(call, spec, findKey)] : operations
}

/** The operations of one key. */
export function operationsOfKey(call: CallKms, usage: KmsKeyUsage, key: BenchedKey): readonly BenchedOperation[] {
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return (key.spec === 'SYMMETRIC_DEFAULT' ? symmetricOperations : rsaOperations)(call, key)
    case 'SIGN_VERIFY':
      return signOperations(call, key)
    case 'GENERATE_VERIFY_MAC':
      return macOperations(call, key)
    case 'KEY_AGREEMENT':
      return agreementOperations(call, key)
    case 'ENCAPSULATE_DECAPSULATE':
      return encapsulationOperations(call, key)
    default:
      return usage satisfies never
  }
}

function isPairSpec(spec: KeySpec): spec is DataKeyPairSpec {
  return DATA_KEY_PAIR_SPECS.some((one) => one === spec)
}
