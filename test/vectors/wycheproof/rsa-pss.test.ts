/**
 * RSASSA-PSS verification against Wycheproof, for the salt lengths that AWS has.
 *
 * @covers RFC 8017 §8.1.2
 */

import type { HashName } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { verifyPss } from '../../../packages/hsm/src/algorithms/rsa/pss.ts'
import { decodeSpki } from '../../../packages/hsm/src/encoding/spki.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface PssTest extends WycheproofTest {
  readonly msg: string
  readonly sig: string
}

interface PssGroup {
  readonly sha: HashName
  readonly publicKeyDer: string
  readonly tests: readonly PssTest[]
}

for (const provider of PROVIDERS) {
  testWycheproof<PssTest, PssGroup>('pss', {
    title: provider.name,
    run(one, { sha, publicKeyDer }) {
      const key = decodeSpki(fromHex(publicKeyDer))
      if (key?.family !== 'rsa') throw new Error('the key does not decode')
      const publicKey = provider.createRsaPublicKey(key.numbers)
      const digest = provider.digest(sha, fromHex(one.msg))
      return verifyPss(provider, publicKey, key.numbers, sha, digest, fromHex(one.sig))
    },
  })
}
