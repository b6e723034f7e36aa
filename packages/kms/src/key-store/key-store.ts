/**
 * Custom key stores, of which there are none yet: whoever names one is told so.
 *
 * @spec KMS custom-key-stores, section B
 */

import { KmsError } from '../errors.ts'

/** @param name the id or the name that a request has for it */
export function keyStoreNotFound(name: string): KmsError {
  return new KmsError('CustomKeyStoreNotFoundException', `Custom key store ${name} is not found.`)
}
