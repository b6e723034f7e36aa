/**
 * ECPrivateKey, as it stands inside a PrivateKeyInfo.
 *
 * Both optional fields are read, present or absent, and written back as they were read. A curve named inside that is
 * not the one named outside is refused here; a point that is not the scalar's is refused by whoever can multiply.
 *
 * @spec RFC 5915 §3
 */

import { SCALAR_LENGTHS, isUncompressed } from '../algorithms/elliptic-curve.ts'
import type { Curve } from '../asymmetric-primitives.ts'
import type { DerReader } from './der-reader.ts'
import { TAG } from './der-tag.ts'
import { type DerValue, derBitString, derSequence, derValue, derVersion } from './der-writer.ts'
import { derCurve, readCurve } from './key-algorithm.ts'

export interface EcPrivateKeyInfo {
  readonly family: 'ec'
  readonly curve: Curve
  /** Of the curve's fixed length. */
  readonly scalar: Uint8Array
  /** The uncompressed public point. Whoever imports a key with one compares it with the scalar's. */
  readonly point?: Uint8Array
  /** Whether the curve is named a second time, inside. OpenSSL leaves that out, and so do we. */
  readonly namesCurveInside?: true
}

const VERSION = 1

export function derEcPrivateKey({ curve, scalar, point, namesCurveInside }: EcPrivateKeyInfo): DerValue {
  return derSequence(
    derVersion(VERSION),
    derValue(TAG.octetString, scalar),
    ...(namesCurveInside === true ? [derValue(TAG.explicit0, derCurve(curve))] : []),
    ...(point === undefined ? [] : [derValue(TAG.explicit1, derBitString(point))]),
  )
}

export function readEcPrivateKey(key: DerReader, curve: Curve): EcPrivateKeyInfo {
  key.expectVersion(VERSION)
  const scalar = key.readContent(TAG.octetString)
  if (scalar.length !== SCALAR_LENGTHS[curve]) key.refuse()
  const namesCurveInside = key.isNext(TAG.explicit0)
  if (namesCurveInside && key.readInside(TAG.explicit0, readCurve) !== curve) key.refuse()
  const point = key.isNext(TAG.explicit1)
    ? key.readInside(TAG.explicit1, (inside) => inside.readBitString())
    : undefined
  if (point !== undefined && !isUncompressed(curve, point)) key.refuse()
  return {
    family: 'ec',
    curve,
    scalar,
    ...(point === undefined ? {} : { point }),
    ...(namesCurveInside ? { namesCurveInside } : {}),
  }
}
