/**
 * The known answer of ML-DSA: a key from its seed, μ of a message, the signature without hedging, verified and refused.
 * What a provider signs and verifies by a way of its own for whole messages must agree with that.
 *
 * Public key and signature are long, so their SHA-256 digests stand here.
 *
 * @spec FIPS 204; Wycheproof (dac1dd4), mldsa_44_sign_seed_test.json, tcId 1
 */

import type { HashPrimitives, MlDsaKey } from '../../asymmetric-primitives.ts'
import { equalBytes, parseHex } from '../../bytes.ts'
import type { Entropy } from '../../entropy.ts'
import { encodeUtf8 } from '../../host.ts'
import { type MlDsaProvider, signMlDsaMessage, verifyMlDsaMessage } from './ml-dsa.ts'

const SEED = '2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a2a'
const PUBLIC_KEY_DIGEST = 'd87f8ca136ac1aa55e2d6c4521680efb3a378cbb9bc0bfb446e9c60893931ea3'
const MESSAGE = 'Hello world'
const MU =
  '0ba2d90bc4fa5877844e47f7563eefccf658f898eaf4197b2a9a89d3df683955' +
  'c73a80895ac0a51cc9049d44cdc1d1c550ef3870c1126afdb3d52ee057cbbcdd'
const SIGNATURE_DIGEST = '8cd6fc03daa72e87210a4e721523e84c14f27733789075e65736744d4787fdd5'

/** The deterministic variant is the hedged one with zeros. @spec FIPS 204 §5.2 */
const ZEROS: Entropy = { fill: (bytes) => bytes.fill(0) }

export function passesMlDsaCast(provider: MlDsaProvider & HashPrimitives): boolean {
  const key = provider.createMlDsaKey('ML-DSA-44', parseHex(SEED))
  try {
    if (!hasDigest(provider, key.publicKey, PUBLIC_KEY_DIGEST)) return false
    const mu = provider.computeMlDsaMu(key.publicKey, encodeUtf8(MESSAGE))
    if (!equalBytes(mu, parseHex(MU))) return false

    const signature = key.sign(mu, ZEROS)
    if (!hasDigest(provider, signature, SIGNATURE_DIGEST)) return false
    if (!provider.verifyMlDsa('ML-DSA-44', key.publicKey, mu, signature)) return false
    if (!passesByMessage(provider, key, mu, signature)) return false

    mu[0] = 0x0a
    return !provider.verifyMlDsa('ML-DSA-44', key.publicKey, mu, signature)
  } finally {
    key.zeroize()
  }
}

/** Both ways make one kind of signature; a provider with one way has nothing more to show. */
function passesByMessage(provider: MlDsaProvider, key: MlDsaKey, mu: Uint8Array, known: Uint8Array): boolean {
  if (provider.verifyMlDsaMessage === undefined && !('signMessage' in key)) return true
  const message = encodeUtf8(MESSAGE)
  const signature = signMlDsaMessage(provider, key, message, ZEROS)
  const verify = (one: Uint8Array): boolean => verifyMlDsaMessage(provider, 'ML-DSA-44', key.publicKey, message, one)
  if (!provider.verifyMlDsa('ML-DSA-44', key.publicKey, mu, signature) || !verify(signature) || !verify(known)) {
    return false
  }
  message[0] = 0x68
  return !verify(known)
}

function hasDigest(provider: HashPrimitives, bytes: Uint8Array, digest: string): boolean {
  return equalBytes(provider.digest('SHA-256', bytes), parseHex(digest))
}
