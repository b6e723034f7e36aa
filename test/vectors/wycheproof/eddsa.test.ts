/**
 * Ed25519 against Wycheproof.
 *
 * @covers RFC 8032 §5.1.7
 */

import { verifyEd25519 } from '../../../packages/hsm/src/algorithms/eddsa/eddsa.ts'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface EddsaTest extends WycheproofTest {
  readonly msg: string
  readonly sig: string
}

interface EddsaGroup {
  readonly publicKey: { readonly pk: string }
  readonly tests: readonly EddsaTest[]
}

for (const provider of PROVIDERS) {
  testWycheproof<EddsaTest, EddsaGroup>('ed25519', {
    title: provider.name,
    run: (one, group) => verifyEd25519(provider, fromHex(group.publicKey.pk), fromHex(one.msg), fromHex(one.sig)),
  })
}
