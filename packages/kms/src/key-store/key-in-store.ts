/** What a key in a custom key store is, as far as the request for it tells. @spec KMS custom-key-stores, "Keys" */

import { KmsError } from '../errors.ts'
import type { ValidInput } from '../shape/valid.ts'

/**
 * Asks for a custom key store, and for an external key, exactly where the origin has one; and for the one kind of key
 * that such stores hold.
 *
 * @throws KmsError `ValidationException`
 */
export function assertOriginFits(input: ValidInput<'CreateKey'>): void {
  const { Origin: origin = 'AWS_KMS', CustomKeyStoreId, XksKeyId } = input
  const isInStore = origin === 'AWS_CLOUDHSM' || origin === 'EXTERNAL_KEY_STORE'
  if (!isInStore && CustomKeyStoreId !== undefined) {
    throw invalid('CustomKeyStoreId is valid only with Origin AWS_CLOUDHSM or EXTERNAL_KEY_STORE.')
  }
  if (origin !== 'EXTERNAL_KEY_STORE' && XksKeyId !== undefined) {
    throw invalid('XksKeyId is valid only with Origin EXTERNAL_KEY_STORE.')
  }
  if (!isInStore) return
  if (CustomKeyStoreId === undefined) throw invalid(`CustomKeyStoreId is required for Origin ${origin}.`)
  if (origin === 'EXTERNAL_KEY_STORE' && XksKeyId === undefined) {
    throw invalid(`XksKeyId is required for Origin ${origin}.`)
  }
  const spec = input.KeySpec ?? input.CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT'
  if (spec !== 'SYMMETRIC_DEFAULT') throw invalid(`KeySpec ${spec} is not supported for Origin ${origin}`)
  if (input.MultiRegion === true) throw invalid(`MultiRegion is not supported for Origin ${origin}`)
}

function invalid(message: string): KmsError {
  return new KmsError('ValidationException', message)
}
