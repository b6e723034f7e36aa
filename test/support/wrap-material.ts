/** Key material on its way into a KMS, wrapped as a caller would wrap it. */
import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import type { ImportKeyMaterialRequest } from '@softkms/kms'
import type { Kms } from 'softkms'

/** What ImportKeyMaterial takes of `material`, wrapped by RSAES_OAEP_SHA_256 under RSA_2048. Does not expire. */
export async function wrapMaterial(kms: Kms, keyId: string, material: Uint8Array): Promise<ImportKeyMaterialRequest> {
  const { ImportToken = new Uint8Array(0), PublicKey = new Uint8Array(0) } = await kms.getParametersForImport({
    KeyId: keyId,
    WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
    WrappingKeySpec: 'RSA_2048',
  })
  const key = createPublicKey({ key: Buffer.from(PublicKey), format: 'der', type: 'spki' })
  const padding = constants.RSA_PKCS1_OAEP_PADDING
  const EncryptedKeyMaterial = Uint8Array.from(publicEncrypt({ key, padding, oaepHash: 'sha256' }, material))
  return { KeyId: keyId, ImportToken, EncryptedKeyMaterial, ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' }
}
