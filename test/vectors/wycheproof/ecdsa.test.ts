/**
 * ECDSA verification against Wycheproof: strict DER by our codec, then the provider. High s is accepted.
 *
 * @covers FIPS 186-5 §6.4.2
 */

import { expect } from 'vitest'
import { verifyEcdsaDigest, verifyEcdsaMessage } from '../../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { SCALAR_LENGTHS } from '../../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Curve, HashName } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { decodeEcdsaSignature } from '../../../packages/hsm/src/encoding/ecdsa-signature.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { runs } from '../../support/runs.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface EcdsaTest extends WycheproofTest {
  readonly msg: string
  readonly sig: string
}

interface EcdsaGroup {
  readonly publicKey: { readonly uncompressed: string }
  readonly tests: readonly EcdsaTest[]
}

const FILES: readonly {
  readonly name: string
  readonly curve: Curve
  readonly hash: HashName
  readonly count: number
}[] = [
  { name: 'ecdsa_secp256r1_sha256', curve: 'P-256', hash: 'SHA-256', count: 484 },
  { name: 'ecdsa_secp256k1_sha256', curve: 'secp256k1', hash: 'SHA-256', count: 476 },
  { name: 'ecdsa_secp521r1_sha512', curve: 'P-521', hash: 'SHA-512', count: 542 },
]

for (const provider of PROVIDERS) {
  for (const { name, curve, hash, count } of FILES) {
    testWycheproof<EcdsaTest, EcdsaGroup>(name, {
      title: provider.name,
      count,
      run(one, group) {
        const signature = decodeEcdsaSignature(fromHex(one.sig), SCALAR_LENGTHS[curve])
        if (signature === undefined) return false
        const [point, message] = [fromHex(group.publicKey.uncompressed), fromHex(one.msg)]
        const isValid = verifyEcdsaMessage(provider, curve, hash, point, message, signature)
        // A provider with a way of its own for messages has another for digests; both must say the same.
        if (provider.verifyEcdsaMessage !== undefined && one.tcId % runs(20, 1) === 0) {
          const digest = provider.digest(hash, message)
          expect(verifyEcdsaDigest(provider, curve, point, digest, signature)).toBe(isValid)
        }
        return isValid
      },
    })
  }
}
