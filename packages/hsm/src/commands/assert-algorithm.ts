/** The check that stands before every algorithm. */

import { type Algorithm, algorithmsOf } from '../algorithm-name.ts'
import { HsmError } from '../errors.ts'
import type { TokenFields } from '../key-token.ts'

/** @throws HsmError `ALGORITHM` for one that a key of this spec and usage does not have */
export function assertAlgorithm({ keySpec, keyUsage }: TokenFields, algorithm: Algorithm): void {
  if (!algorithmsOf(keySpec, keyUsage).includes(algorithm)) throw new HsmError('ALGORITHM')
}
