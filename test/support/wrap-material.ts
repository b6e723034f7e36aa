/** Key material on its way into a KMS, wrapped as a caller would wrap it. */
import type { ImportKeyMaterialRequest } from '@softkms/kms'
import type { Kms } from 'softkms'
import { NEVER, requestWrapping } from './import-material.ts'

/** What ImportKeyMaterial takes of `material`, wrapped by RSAES_OAEP_SHA_256 under RSA_2048. Does not expire. */
export async function wrapMaterial(kms: Kms, keyId: string, material: Uint8Array): Promise<ImportKeyMaterialRequest> {
  const { wrap } = await requestWrapping(kms, keyId)
  return { ...wrap(material), ...NEVER }
}
