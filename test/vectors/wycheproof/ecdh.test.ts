/**
 * ECDH against Wycheproof: strict SPKI by our codec, then the provider.
 *
 * @covers SP 800-56A §5.7.1.2
 */

import { nobleProvider } from '@softkms/hsm'
import { deriveSharedSecret } from '../../../packages/hsm/src/algorithms/ecdh/ecdh.ts'
import { SCALAR_LENGTHS } from '../../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Curve } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { decodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { isSlow } from '../../support/runs.ts'
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

/** noble takes seconds over the many of one kind on P-384; node:crypto runs them all, every time. */
const SLOW = 'doubling edge cases, seven in eight: with SOFTKMS_SLOW=1 only'
const SLOW_COUNT = 582

for (const provider of PROVIDERS) {
  for (const { name, curve, count } of FILES) {
    const isSampled = !isSlow && provider === nobleProvider && curve === 'P-384'
    testWycheproof<EcdhTest, EcdhGroup>(name, {
      title: provider.name,
      count,
      skipped: isSampled ? { [SLOW]: SLOW_COUNT } : {},
      acceptable: ACCEPTABLE,
      run(one) {
        if (isSampled && one.flags?.includes('EdgeCaseDoubling') === true && one.tcId % 8 !== 0) return { skipped: SLOW }
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
