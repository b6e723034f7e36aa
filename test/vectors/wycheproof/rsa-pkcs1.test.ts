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
import { type Decision, type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

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

const VERIFY: Readonly<Record<string, Decision>> = {
  MissingNull: { isAccepted: false, reason: 'what is compared is encoded by RFC 8017 §9.2, which has the NULL' },
}

const GENERATE: Readonly<Record<string, Decision>> = {
  SmallPublicKey: { isAccepted: true, reason: 'the signature is right; imports refuse such a key (check-key.test.ts)' },
}

for (const provider of PROVIDERS) {
for (const [name, count] of [
  ['rsa_signature_2048_sha256', 259],
  ['rsa_signature_2048_sha384', 258],
  ['rsa_signature_2048_sha512', 259],
  ['rsa_signature_3072_sha256', 259],
  ['rsa_signature_4096_sha512', 259],
] as const) {
  testWycheproof<SignatureTest, VerifyGroup>(name, {
    title: provider.name,
    count,
    acceptable: VERIFY,
    run(one, { sha, publicKeyDer }) {
      const key = decodeSpki(fromHex(publicKeyDer))
      if (key?.family !== 'rsa') throw new Error('the key does not decode')
      const publicKey = provider.createRsaPublicKey(key.numbers)
      return verifyPkcs1(publicKey, key.numbers, sha, provider.digest(sha, fromHex(one.msg)), fromHex(one.sig))
    },
  })
}

for (const [name, count, skipped] of [
  ['rsa_pkcs1_2048_sig_gen', 43, { 'AWS does not sign with SHA-1': 8, 'AWS does not sign with SHA-224': 8 }],
  ['rsa_pkcs1_4096_sig_gen', 24, {}],
] as const) {
  testWycheproof<SignatureTest, GenerateGroup>(name, {
    title: provider.name,
    count,
    skipped,
    acceptable: GENERATE,
    run(one, { sha, privateKeyPkcs8 }) {
      if (!SERVED.includes(sha)) return { skipped: `AWS does not sign with ${sha}` }
      const { numbers, privateKey } = loadRsaKey(fromHex(privateKeyPkcs8), provider)
      const signature = signPkcs1(privateKey, numbers, sha, provider.digest(sha, fromHex(one.msg)))
      return equalBytes(signature, fromHex(one.sig))
    },
  })
}
}
