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
  readonly publicKey: { readonly curve: string; readonly uncompressed: string }
  readonly sha: HashName
  readonly tests: readonly EcdsaTest[]
}

const CURVES: Readonly<Record<string, Curve>> = {
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
  secp256k1: 'secp256k1',
}

for (const provider of PROVIDERS) {
  testWycheproof<EcdsaTest, EcdsaGroup>('ecdsa', {
    title: provider.name,
    run(one, { publicKey, sha: hash }) {
      const curve = CURVES[publicKey.curve] ?? expect.fail(`${publicKey.curve} is no curve of ours`)
      const signature = decodeEcdsaSignature(fromHex(one.sig), SCALAR_LENGTHS[curve])
      if (signature === undefined) return false
      const [point, message] = [fromHex(publicKey.uncompressed), fromHex(one.msg)]
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
