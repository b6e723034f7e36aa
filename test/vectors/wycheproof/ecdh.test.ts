/**
 * ECDH against Wycheproof: strict SPKI by our codec, then the provider.
 *
 * @covers SP 800-56A §5.7.1.2
 */

import { deriveSharedSecret } from '../../../packages/hsm/src/algorithms/ecdh/ecdh.ts'
import { SCALAR_LENGTHS } from '../../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Curve } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { decodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type Decision, type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface EcdhTest extends WycheproofTest {
  readonly public: string
  readonly private: string
  readonly shared: string
}

interface EcdhGroup {
  readonly tests: readonly EcdhTest[]
}

/** All `acceptable` results of these files are public keys in a form that AWS KMS does not document; we refuse each. */
const ACCEPTABLE: Readonly<Record<string, Decision>> = {
  CompressedPublic: { isAccepted: false, reason: 'points are read uncompressed only, as they are written' },
  UnnamedCurve: { isAccepted: false, reason: 'curves are named, never spelled out: RFC 5480 §2.1.1' },
  InvalidAsn: { isAccepted: false, reason: 'the encoding is BER at best, and DER is required' },
}

const FILES: readonly { readonly name: string; readonly curve: Curve; readonly count: number }[] = [
  { name: 'ecdh_secp256r1', curve: 'P-256', count: 612 },
  { name: 'ecdh_secp384r1', curve: 'P-384', count: 1047 },
]

for (const provider of PROVIDERS) {
  for (const { name, curve, count } of FILES) {
    testWycheproof<EcdhTest, EcdhGroup>(name, {
      title: provider.name,
      count,
      acceptable: ACCEPTABLE,
      run(one) {
        const peer = decodeSpki(fromHex(one.public))
        if (peer?.family !== 'ec' || peer.curve !== curve) return false
        const shared = deriveSharedSecret(provider, curve, scalarOf(curve, one.private), peer.point)
        return shared !== undefined && equalBytes(shared, fromHex(one.shared))
      },
    })
  }
}

/** The files write scalars as signed integers of any length. */
function scalarOf(curve: Curve, hex: string): Uint8Array {
  const length = SCALAR_LENGTHS[curve]
  return fromHex(hex.padStart(2 * length, '0').slice(-2 * length))
}
