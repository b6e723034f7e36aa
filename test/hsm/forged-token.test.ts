/**
 * Tokens that authenticate and are wrong all the same: the HSM reads each field, and checks the material's name.
 *
 * Nobody without the domain key can make such a token; here it is known.
 */
import { type KeyToken, type Provider, nobleProvider } from '@softkms/hsm'
import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { deriveByHand, sealByHand } from '../../tools/blob-vectors/forge.ts'
import { type KnownKey, createKnownKey } from '../../tools/blob-vectors/known-key.ts'
import { expectHsmError, open, seal } from '../support/hsm-fixture.ts'

const KEY_ID = 'k'
const PLAINTEXT = Uint8Array.of(1, 2, 3)

/** What departs from a token as the HSM would write it. */
interface Fault {
  readonly version?: number
  readonly keySpec?: number
  readonly keyUsage?: number
  readonly origin?: number
  readonly flags?: number
  readonly materialId?: Uint8Array
  readonly keyId?: Uint8Array
  readonly material?: Uint8Array
}

/** The layout of key-token.ts, written down once more. */
function forgeToken({ domainKey, domainKeyId, material }: KnownKey, fault: Fault = {}): KeyToken {
  const nonce = Uint8Array.from({ length: 16 }, (_, i) => 0x10 + i)
  const iv = Uint8Array.from({ length: 12 }, (_, i) => 0x30 + i)
  const keyId = fault.keyId ?? new TextEncoder().encode(KEY_ID)
  const header = Uint8Array.of(
    fault.version ?? 1,
    ...domainKeyId,
    ...[fault.keySpec ?? 1, fault.keyUsage ?? 1, fault.origin ?? 1, fault.flags ?? 0],
    ...(fault.materialId ?? nameMaterial(fault.material ?? material, keyId)),
    ...[...nonce, ...iv],
    ...[keyId.length, ...keyId],
  )
  const key = deriveByHand(domainKey, 'softkms token key', domainKeyId, nonce)
  return Uint8Array.of(...header, ...sealByHand(key, iv, header, fault.material ?? material)) as KeyToken
}

function nameMaterial(material: Uint8Array, keyId: Uint8Array): Uint8Array {
  return createHmac('sha256', material).update('softkms key material id v1').update(keyId).digest()
}

test('the HSM writes version 1, the codes 1, no flag, and the rest in this order', async () => {
  const { token, domainKeyId, materialId } = await createKnownKey('token', KEY_ID)
  expect(token.slice(0, 53)).toEqual(Uint8Array.of(1, ...domainKeyId, 1, 1, 1, 0, ...materialId))
  expect(token.slice(81, 83)).toEqual(Uint8Array.of(1, KEY_ID.charCodeAt(0)))
  expect(token).toHaveLength(83 + 32 + 16)
})

test.each([
  ['as the HSM would write it', {}],
  ['of extractable material', { flags: 1 }],
  ['of another key id', { keyId: new TextEncoder().encode('!~') }],
])('a token made by hand, %s, opens', async (_, fault) => {
  const key = await createKnownKey('token', KEY_ID)
  const token = forgeToken(key, fault)
  const sealed = await seal(key.hsm, token, PLAINTEXT)
  expect(await open(key.hsm, token, sealed)).toEqual(PLAINTEXT)
})

test('made by hand and by the HSM, it is the same key', async () => {
  const key = await createKnownKey('token', KEY_ID)
  const sealed = await seal(key.hsm, key.token, PLAINTEXT)
  expect(await open(key.hsm, forgeToken(key), sealed)).toEqual(PLAINTEXT)
})

const WRONG: readonly (readonly [string, Fault])[] = [
  ['of version 0', { version: 0 }],
  ['of version 2', { version: 2 }],
  ['of an unknown key spec', { keySpec: 20 }],
  ['of another key spec, whose material it is not', { keySpec: 2 }],
  ['of key spec 0', { keySpec: 0 }],
  ['of an unknown usage', { keyUsage: 7 }],
  ['of a usage that the key spec does not have', { keyUsage: 2 }],
  ['of usage 0', { keyUsage: 0 }],
  ['of an unknown origin', { origin: 3 }],
  ['of origin 0', { origin: 0 }],
  ['with an unknown flag', { flags: 2 }],
  ['with a flag too many', { flags: 3 }],
  ['with another material’s name', { materialId: new Uint8Array(32) }],
  ['with material that is a byte short', { material: new Uint8Array(31).fill(7) }],
  ['with material that is a byte long', { material: new Uint8Array(33).fill(7) }],
  ['with an empty key id', { keyId: new Uint8Array(0) }],
  ['with a space in the key id', { keyId: Uint8Array.of(0x61, 0x20) }],
  ['with a key id that is not ASCII', { keyId: new TextEncoder().encode('ä') }],
  ['with a key id that is not UTF-8', { keyId: Uint8Array.of(0xff) }],
]

test.each(WRONG)('a token %s is refused', async (_, fault) => {
  const key = await createKnownKey('token', KEY_ID)
  await expectHsmError(seal(key.hsm, forgeToken(key, fault), PLAINTEXT), 'INVALID_TOKEN')
  expect(await key.hsm.status()).toMatchObject({ loadedKeys: 0 })
})

test('material whose name is wrong is zeroized with what was prepared of it', async () => {
  const prepared: { key: Uint8Array; isZeroized: boolean }[] = []
  const provider: Provider = {
    ...nobleProvider,
    createHmac(hash, key) {
      const mac = nobleProvider.createHmac(hash, key)
      const entry = { key, isZeroized: false }
      prepared.push(entry)
      return {
        compute: (message) => mac.compute(message),
        zeroize() {
          entry.isZeroized = true
          mac.zeroize()
        },
      }
    },
  }
  const key = await createKnownKey('token', KEY_ID, provider)
  prepared.length = 0
  await expectHsmError(seal(key.hsm, forgeToken(key, { materialId: new Uint8Array(32) }), PLAINTEXT), 'INVALID_TOKEN')
  expect(prepared).toEqual([{ key: new Uint8Array(32), isZeroized: true }])
})
