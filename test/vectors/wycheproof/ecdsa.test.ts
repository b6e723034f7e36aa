/**
 * ECDSA verification against Wycheproof: strict DER by our codec, then the provider. High s is accepted.
 *
 * @covers FIPS 186-5 §6.4.2
 */

import { verifyEcdsaDigest } from '../../../packages/hsm/src/algorithms/ecdsa/ecdsa.ts'
import { SCALAR_LENGTHS } from '../../../packages/hsm/src/algorithms/elliptic-curve.ts'
import type { Curve } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { decodeEcdsaSignature } from '../../../packages/hsm/src/encoding/ecdsa-signature.ts'
import { nobleCurves } from '../../../packages/hsm/src/provider/noble-curves.ts'
import { createHash } from 'node:crypto'
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
  readonly hash: 'sha256' | 'sha512'
  readonly count: number
}[] = [
  { name: 'ecdsa_secp256r1_sha256', curve: 'P-256', hash: 'sha256', count: 484 },
  { name: 'ecdsa_secp256k1_sha256', curve: 'secp256k1', hash: 'sha256', count: 476 },
  { name: 'ecdsa_secp521r1_sha512', curve: 'P-521', hash: 'sha512', count: 542 },
]

for (const { name, curve, hash, count } of FILES) {
  testWycheproof<EcdsaTest, EcdsaGroup>(name, {
    count,
    run(one, group) {
      const signature = decodeEcdsaSignature(fromHex(one.sig), SCALAR_LENGTHS[curve])
      if (signature === undefined) return false
      const digest = createHash(hash).update(fromHex(one.msg)).digest()
      return verifyEcdsaDigest(nobleCurves, curve, fromHex(group.publicKey.uncompressed), digest, signature)
    },
  })
}
