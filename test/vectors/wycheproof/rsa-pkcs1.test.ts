/**
 * RSASSA-PKCS1-v1_5 against Wycheproof, both ways.
 *
 * @covers RFC 8017 §8.2
 */

import type { HashName } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { signPkcs1, verifyPkcs1 } from '../../../packages/hsm/src/algorithms/rsa/pkcs1.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { decodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { loadRsaKey } from '../../support/rsa-key.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface SignatureTest extends WycheproofTest {
  readonly msg: string
  readonly sig: string
}

interface VerifyGroup {
  readonly sha: HashName
  readonly publicKeyDer: string
  readonly tests: readonly SignatureTest[]
}

interface GenerateGroup {
  readonly sha: HashName
  readonly privateKeyPkcs8: string
  readonly tests: readonly SignatureTest[]
}

/** What AWS signs with; the files also have SHA-1 and SHA-224. */
const SERVED: readonly HashName[] = ['SHA-256', 'SHA-384', 'SHA-512']

for (const provider of PROVIDERS) {
  testWycheproof<SignatureTest, VerifyGroup>('pkcs1 verification', {
    title: provider.name,
    run(one, { sha, publicKeyDer }) {
      const key = decodeSpki(fromHex(publicKeyDer))
      if (key?.family !== 'rsa') throw new Error('the key does not decode')
      const publicKey = provider.createRsaPublicKey(key.numbers)
      return verifyPkcs1(publicKey, key.numbers, sha, provider.digest(sha, fromHex(one.msg)), fromHex(one.sig))
    },
  })

  testWycheproof<SignatureTest, GenerateGroup>('pkcs1 signing', {
    title: provider.name,
    run(one, { sha, privateKeyPkcs8 }) {
      if (!SERVED.includes(sha)) return { skipped: `AWS does not sign with ${sha}` }
      const { numbers, privateKey } = loadRsaKey(fromHex(privateKeyPkcs8), provider)
      const signature = signPkcs1(privateKey, numbers, sha, provider.digest(sha, fromHex(one.msg)))
      return equalBytes(signature, fromHex(one.sig))
    },
  })
}
