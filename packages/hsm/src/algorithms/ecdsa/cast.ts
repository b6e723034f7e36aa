/**
 * The known answer of ECDSA. Its s is high, so a provider that insists on low ones fails here.
 *
 * Signing is hedged and so has no answer to compare: what was signed must verify. A provider that has a way of its own
 * for whole messages is asked by that way, too.
 *
 * @spec RFC 6979 §A.2.5 (P-256, SHA-256, message "sample")
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import { systemEntropy } from '../../entropy.ts'
import { encodeUtf8 } from '../../host.ts'
import { type EcdsaProvider, signEcdsaMessage, verifyEcdsaMessage } from './ecdsa.ts'

const SCALAR = 'c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'
const POINT =
  '0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6' +
  '7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299'
const MESSAGE = 'sample'
/** Its SHA-256. */
const DIGEST = 'af2bdbe1aa9b6ec1e2ade1d694f41fc71a831d0268e9891562113d8a62add1bf'
const SIGNATURE =
  'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716' +
  'f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8'

export function passesEcdsaCast(provider: EcdsaProvider): boolean {
  const scalar = parseHex(SCALAR)
  const point = parseHex(POINT)
  const digest = parseHex(DIGEST)
  const computed = provider.computePoint('P-256', scalar)
  if (computed === undefined || !equalBytes(computed, point)) return false
  if (!provider.verifyEcdsa('P-256', point, digest, parseHex(SIGNATURE))) return false

  const signature = provider.signEcdsa('P-256', scalar, digest, systemEntropy)
  if (!provider.verifyEcdsa('P-256', point, digest, signature)) return false

  digest[0] = 0xae
  return !provider.verifyEcdsa('P-256', point, digest, signature) && passesByMessage(provider, scalar, point)
}

/** The same by whole messages, which to a provider without a way for them is what was tested just now. */
function passesByMessage(provider: EcdsaProvider, scalar: Uint8Array, point: Uint8Array): boolean {
  if (provider.signEcdsaMessage === undefined && provider.verifyEcdsaMessage === undefined) return true
  const message = encodeUtf8(MESSAGE)
  const verify = (signature: Uint8Array): boolean =>
    verifyEcdsaMessage(provider, 'P-256', 'SHA-256', point, message, signature)
  if (!verify(parseHex(SIGNATURE))) return false

  const signature = signEcdsaMessage(provider, 'P-256', 'SHA-256', scalar, message, systemEntropy)
  if (!provider.verifyEcdsa('P-256', point, parseHex(DIGEST), signature) || !verify(signature)) return false

  message[0] = 0x53
  return !verify(signature)
}
