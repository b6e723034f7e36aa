/**
 * The known answer of ECDSA. Its s is high, so a provider that insists on low ones fails here.
 *
 * Signing is hedged and so has no answer to compare: what was signed must verify. A provider that has a way of its own
 * for whole messages is asked by that way, too.
 *
 * @see known-answers.ts for where they come from
 */

import { equalBytes, parseHex } from '../../bytes.ts'
import { systemEntropy } from '../../entropy.ts'
import { encodeUtf8 } from '../../host.ts'
import type { Curve, CurvePrimitives } from '../../asymmetric-primitives.ts'
import { type EcdsaProvider, signEcdsaMessage, verifyEcdsaMessage } from './ecdsa.ts'
import { ECDSA_ANSWERS, KNOWN_MESSAGE } from './known-answers.ts'

export function passesEcdsaCast(provider: EcdsaProvider): boolean {
  if (!passesEcdsaOnCurve(provider, 'P-256')) return false
  const { scalar, point } = ECDSA_ANSWERS['P-256']
  return passesByMessage(provider, parseHex(scalar), parseHex(point))
}

/** The same on one curve, by digest. */
export function passesEcdsaOnCurve(provider: CurvePrimitives, curve: Curve): boolean {
  const answer = ECDSA_ANSWERS[curve]
  const [scalar, point, digest] = [parseHex(answer.scalar), parseHex(answer.point), parseHex(answer.digest)]
  const computed = provider.computePoint(curve, scalar)
  if (computed === undefined || !equalBytes(computed, point)) return false
  if (!provider.verifyEcdsa(curve, point, digest, parseHex(answer.signature))) return false

  const signature = provider.signEcdsa(curve, scalar, digest, systemEntropy)
  if (!provider.verifyEcdsa(curve, point, digest, signature)) return false

  digest[0] = (digest[0] ?? 0) ^ 1
  return !provider.verifyEcdsa(curve, point, digest, signature)
}

/** The same by whole messages, which to a provider without a way for them is what was tested just now. */
function passesByMessage(provider: EcdsaProvider, scalar: Uint8Array, point: Uint8Array): boolean {
  if (provider.signEcdsaMessage === undefined && provider.verifyEcdsaMessage === undefined) return true
  const message = encodeUtf8(KNOWN_MESSAGE)
  const verify = (signature: Uint8Array): boolean =>
    verifyEcdsaMessage(provider, 'P-256', 'SHA-256', point, message, signature)
  if (!verify(parseHex(ECDSA_ANSWERS['P-256'].signature))) return false

  const signature = signEcdsaMessage(provider, 'P-256', 'SHA-256', scalar, message, systemEntropy)
  if (!provider.verifyEcdsa('P-256', point, parseHex(ECDSA_ANSWERS['P-256'].digest), signature) || !verify(signature))
    return false

  message[0] = 0x53
  return !verify(signature)
}
