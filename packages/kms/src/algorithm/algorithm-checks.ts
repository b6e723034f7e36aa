/**
 * Does the key have the algorithm that a request names, and does the algorithm take such a message?
 *
 * @spec KMS crypto-details §7; wire §4
 */

import {
  type Algorithm,
  type MessageType,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
  digestLength,
} from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import type { KeyRecord } from '../key/key.ts'

/** ML-DSA's μ. @spec FIPS 204 §6.2 */
const MU_LENGTH = 64

/** AWS has algorithms that no key of softkms has, for SM2 keys. */
type NamedAlgorithm = Algorithm | 'SM2DSA' | 'SM2PKE'

/** @throws KmsError `InvalidKeyUsageException` for an algorithm that the key does not have */
export function assertAlgorithm<Name extends NamedAlgorithm>(
  key: KeyRecord,
  name: Name,
): asserts name is Exclude<Name, 'SM2DSA' | 'SM2PKE'> {
  const algorithms: readonly string[] = algorithmsOf(key.keySpec, key.keyUsage)
  if (algorithms.includes(name)) return
  throw new KmsError('InvalidKeyUsageException', `Algorithm ${name} is incompatible with key spec ${key.keySpec}.`)
}

/** @throws KmsError `ValidationException` for a message that the algorithm does not take */
export function assertMessage(algorithm: SigningAlgorithm, messageType: MessageType, message: Uint8Array): void {
  const { hash, messageTypes } = SIGNING_ALGORITHMS[algorithm]
  if (!messageTypes.includes(messageType)) {
    throw new KmsError('ValidationException', `MessageType ${messageType} is not valid for algorithm ${algorithm}.`)
  }
  if (messageType === 'RAW') return
  const length = messageType === 'EXTERNAL_MU' || hash === undefined ? MU_LENGTH : digestLength(hash)
  if (message.length !== length) {
    throw new KmsError('ValidationException', `Digest is invalid length for algorithm ${algorithm}.`)
  }
}
