/**
 * ECDH against Wycheproof: strict SPKI by our codec, then the provider.
 *
 * @covers SP 800-56A §5.7.1.2
 */

import { nobleProvider } from '@softkms/hsm'
import { expect } from 'vitest'
import { deriveSharedSecret } from '../../../packages/hsm/src/algorithms/ecdh/ecdh.ts'
import { SCALAR_LENGTHS } from '../../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Curve } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { decodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { isSlow } from '../../support/runs.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface EcdhTest extends WycheproofTest {
  readonly public: string
  readonly private: string
  readonly shared: string
}

interface EcdhGroup {
  readonly curve: string
  readonly tests: readonly EcdhTest[]
}

const CURVES: Readonly<Record<string, Curve>> = {
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  secp256k1: 'secp256k1',
}

/** noble takes seconds over the many of one kind on the longer curves; node:crypto runs them all, every time. */
const SLOW = 'doubling edge cases, seven in eight: with SOFTKMS_SLOW=1 only'

for (const provider of PROVIDERS) {
  const isSampled = !isSlow && provider === nobleProvider
  testWycheproof<EcdhTest, EcdhGroup>('ecdh', {
    title: provider.name,
    ...(isSampled ? { leaves: SLOW } : {}),
    run(one, group) {
      const curve = CURVES[group.curve] ?? expect.fail(`${group.curve} is no curve of ours`)
      if (isSampled && one.flags?.includes('EdgeCaseDoubling') === true && one.tcId % 8 !== 0) return { skipped: SLOW }
      const peer = decodeSpki(fromHex(one.public))
      if (peer?.family !== 'ec' || peer.curve !== curve) return false
      const shared = deriveSharedSecret(provider, curve, scalarOf(curve, one.private), peer.point)
      return shared !== undefined && equalBytes(shared, fromHex(one.shared))
    },
  })
}

/** The files write scalars as signed integers of any length. */
function scalarOf(curve: Curve, hex: string): Uint8Array {
  const length = SCALAR_LENGTHS[curve]
  return fromHex(hex.padStart(2 * length, '0').slice(-2 * length))
}
