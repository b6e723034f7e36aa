/**
 * The known answer of ECDH, and the refusal of a peer's point that is not on the curve.
 *
 * @spec NIST CAVP, KAS_ECC_CDH_PrimitiveTest, P-256, COUNT = 0
 */

import type { CurvePrimitives } from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'

const SCALAR = '7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534'
const PEER_POINT =
  '04700c48f77f56584c5cc632ca65640db91b6bacce3a4df6b42ce7cc838833d287' +
  'db71e509e3fd9b060ddb20ba5c51dcc5948d46fbf640dfe0441782cab85fa4ac'
const SHARED_SECRET = '46fc62106420ff012e54a434fbdd2d25ccc5852060561e68040dd7778997bd7b'

export function passesEcdhCast(provider: CurvePrimitives): boolean {
  const scalar = parseHex(SCALAR)
  const peerPoint = parseHex(PEER_POINT)
  const shared = provider.deriveEcdh('P-256', scalar, peerPoint)
  if (shared === undefined || !equalBytes(shared, parseHex(SHARED_SECRET))) return false

  peerPoint[peerPoint.length - 1] = 0xad
  return provider.deriveEcdh('P-256', scalar, peerPoint) === undefined
}
