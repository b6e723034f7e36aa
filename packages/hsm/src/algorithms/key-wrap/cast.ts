/**
 * The known answers of AES-256-KWP: wrapped, unwrapped, and one that must not unwrap.
 *
 * @spec NIST CAVP, KWP_AE_256 (plaintext of 72 bits, COUNT = 0) and KWP_AD_256 (plaintext of 8 bits, COUNT = 4, FAIL)
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import type { KeyWrapPrimitives } from '../../symmetric-primitives.ts'

const KEY = 'f5a3f19df4bca6d8b9736a410053e8fdde705237c882df80e6d836fa9b5eb316'
const MATERIAL = '9dba964ee6cbe6dad4'
const WRAPPED = '708ca1a77dcb2f1fd61ff6a8b7c3be265fc624d18a78b8e3'

const OTHER_KEY = 'c32cb3e1e41a4b9f4de79989957866f5dd48dba38c22a6ebb80e14c84bdd9534'
const NOT_WRAPPED = 'c29b05c2619a58ecc1d239e7a34273cd'

export function passesAesKwpCast(provider: KeyWrapPrimitives): boolean {
  const key = parseHex(KEY)
  const material = parseHex(MATERIAL)
  const wrapped = parseHex(WRAPPED)
  if (!equalBytes(provider.wrapAesKwp(key, material), wrapped)) return false
  const unwrapped = provider.unwrapAesKwp(key, wrapped)
  if (unwrapped === undefined || !equalBytes(unwrapped, material)) return false
  return provider.unwrapAesKwp(parseHex(OTHER_KEY), parseHex(NOT_WRAPPED)) === undefined
}
