/**
 * RSAES-OAEP decryption against Wycheproof.
 *
 * AWS has no label, so a ciphertext with one must be refused, however valid; those are counted as skipped once they were refused.
 *
 * @covers RFC 8017 §7.1.2
 */

import type { Provider } from '@softkms/hsm'
import { LABEL } from '../../../tools/docs/vector-counts.ts'
import type { HashName } from '../../../packages/hsm/src/asymmetric-primitives.ts'
import { decryptOaep } from '../../../packages/hsm/src/algorithms/rsa/oaep.ts'
import { equalBytes } from '../../../packages/hsm/src/bytes.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { loadRsaKey } from '../../support/rsa-key.ts'
import { fromHex } from '../../support/vectors.ts'
import { type Verdict, type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface OaepTest extends WycheproofTest {
  readonly msg: string
  readonly ct: string
  readonly label: string
}

interface OaepGroup {
  readonly sha: HashName
  readonly privateKeyPkcs8: string
  readonly tests: readonly OaepTest[]
}

function decrypt(provider: Provider, one: OaepTest, { sha, privateKeyPkcs8 }: OaepGroup): Uint8Array | undefined {
  const { numbers, privateKey } = loadRsaKey(fromHex(privateKeyPkcs8), provider)
  return decryptOaep(provider, privateKey, numbers, sha, fromHex(one.ct))
}

function run(provider: Provider, one: OaepTest, group: OaepGroup): Verdict {
  const message = decrypt(provider, one, group)
  if (one.label !== '') {
    // The file calls it valid; to us it must not be.
    return message === undefined ? { skipped: LABEL } : false
  }
  return message !== undefined && equalBytes(message, fromHex(one.msg))
}

for (const provider of PROVIDERS) {
  testWycheproof<OaepTest, OaepGroup>('oaep', {
    title: provider.name,
    run: (one, group) => run(provider, one, group),
  })
}
