/** Key specs that AWS does not have in every Region. @spec KMS operations, "Enumerations" */

import { partitionOf } from '../scope.ts'

/** @param spec of a key, or of a data key pair; ML-KEM is nowhere in China */
export function isSpecIn(region: string, spec: string): boolean {
  return !(spec.startsWith('ML_KEM_') && partitionOf(region) === 'aws-cn')
}
