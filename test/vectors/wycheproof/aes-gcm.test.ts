/**
 * AES-256-GCM against Wycheproof: seals to the same bytes, opens what is valid, refuses what is not.
 *
 * @covers SP 800-38D §7
 */

import { expect } from 'vitest'
import { PROVIDERS } from '../../support/providers.ts'
import { fromHex, toHex } from '../../support/vectors.ts'
import { type WycheproofTest, testWycheproof } from '../../support/wycheproof.ts'

interface GcmTest extends WycheproofTest {
  readonly key: string
  readonly iv: string
  readonly aad: string
  readonly msg: string
  readonly ct: string
  readonly tag: string
}

interface GcmGroup {
  readonly keySize: number
  readonly ivSize: number
  readonly tagSize: number
  readonly tests: readonly GcmTest[]
}

/** Why a group is none of ours: the boundary knows one size of each. */
function reasonToSkip({ keySize, ivSize, tagSize }: GcmGroup): string | undefined {
  if (keySize !== 256) return 'not a 256-bit key'
  if (ivSize !== 96) return 'not a 96-bit nonce'
  return tagSize === 128 ? undefined : 'not a 128-bit tag'
}

for (const provider of PROVIDERS) {
  testWycheproof<GcmTest, GcmGroup>('aes-gcm', {
    title: provider.name,
    run({ key, iv, aad, msg, ct, tag, result }, group) {
      const reason = reasonToSkip(group)
      if (reason !== undefined) return { skipped: reason }
      const sealed = provider.sealAesGcm(fromHex(key), fromHex(iv), fromHex(aad), fromHex(msg))
      expect(toHex(sealed) === ct + tag).toBe(result === 'valid')
      const opened = provider.openAesGcm(fromHex(key), fromHex(iv), fromHex(aad), fromHex(ct + tag))
      if (opened !== undefined) expect(toHex(opened)).toBe(msg)
      return opened !== undefined
    },
  })
}
