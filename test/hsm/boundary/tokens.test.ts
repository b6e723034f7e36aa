/**
 * Tokens of every family: bound in every bit, to one key, to one use; and wrapped anew when the domain key rotates.
 *
 * @covers KMS crypto-details §1 (domain key, exported key token)
 */
import { fc } from '@fast-check/vitest'
import {
  type Hsm,
  KEY_SPECS,
  type KeyToken,
  type KeyUsage,
  type MacAlgorithm,
  type SigningAlgorithm,
  algorithmsOf,
  createHsm,
} from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { flipBit, toHex } from '../../support/bits.ts'
import { expectHsmError, open, seal } from '../../support/hsm-fixture.ts'
import { FAMILY_KINDS, type Kind, generate, generateAll, titleOf } from '../../support/hsm-keys.ts'
import { runs } from '../../support/runs.ts'

const hsm = createHsm()
let tokens: ReadonlyMap<string, KeyToken>

beforeAll(async () => {
  tokens = await generateAll(hsm, FAMILY_KINDS)
})

function tokenOf(kind: Kind): KeyToken {
  return tokens.get(titleOf(kind)) ?? expect.fail(`no key of ${titleOf(kind)}`)
}

const MESSAGE = new Uint8Array(32).fill(5)
/** Lengths in a token's header, as key-token.ts lays it out. */
const AT = { spec: 17, usage: 18, origin: 19, flags: 20, materialId: 21, keyId: 82 } as const

/** Uses a key in the way that it is for, and returns something that only the same key answers alike or accepts. */
const USES: Readonly<Record<KeyUsage, (at: Hsm, token: KeyToken, kind: Kind) => Promise<unknown>>> = {
  ENCRYPT_DECRYPT: (at, token, { keySpec }) =>
    keySpec === 'SYMMETRIC_DEFAULT'
      ? seal(at, token, MESSAGE)
      : at.seal({ token, algorithm: 'RSAES_OAEP_SHA_256', plaintext: MESSAGE }),
  SIGN_VERIFY: (at, token, { keySpec }) =>
    at.sign({
      token,
      algorithm: algorithmsOf(keySpec, 'SIGN_VERIFY')[0] as SigningAlgorithm,
      messageType: 'RAW',
      message: MESSAGE,
    }),
  GENERATE_VERIFY_MAC: (at, token, { keySpec }) =>
    at.mac({ token, algorithm: algorithmsOf(keySpec, 'GENERATE_VERIFY_MAC')[0] as MacAlgorithm, message: MESSAGE }),
  KEY_AGREEMENT: async (at, token) =>
    at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: await at.publicKey(token) }),
  ENCAPSULATE_DECAPSULATE: (at, token) => at.encapsulate({ token, algorithm: 'ML_KEM' }),
  UNWRAP: (at, token) => at.publicKey(token),
}

const KINDS = FAMILY_KINDS.map((kind) => [titleOf(kind), kind] as const)

describe.each(KINDS)('%s', (_, kind) => {
  const use = (token: KeyToken) => USES[kind.keyUsage](hsm, token, kind)

  test('a token with any of its bits flipped is none, the true one loaded or not', async () => {
    const token = tokenOf(kind)
    for (const isLoaded of [false, true]) {
      await hsm.unload(token)
      if (isLoaded) await use(token)
      await fc.assert(
        fc.asyncProperty(fc.nat({ max: token.length * 8 - 1 }), async (bit) =>
          expectHsmError(use(flipBit(token, bit)), 'INVALID_TOKEN'),
        ),
        { numRuns: runs(40, 2000) },
      )
    }
    await expect(use(token)).resolves.toBeDefined()
  })

  test('a token cut short or made longer is none', async () => {
    const token = tokenOf(kind)
    const lengths = [0, 1, AT.spec, AT.materialId, AT.keyId, AT.keyId + 1, token.length - 16, token.length - 1]
    for (const length of lengths) await expectHsmError(use(token.slice(0, length) as KeyToken), 'INVALID_TOKEN')
    await expectHsmError(use(Uint8Array.of(...token, 0) as KeyToken), 'INVALID_TOKEN')
  })

  test('no field of the header can be rewritten into another that exists', async () => {
    const token = tokenOf(kind)
    const rewritten = [
      ...Object.values(KEY_SPECS).map(({ code }) => token.with(AT.spec, code)),
      ...[1, 2, 3, 4, 5, 6].map((usage) => token.with(AT.usage, usage)),
      token.with(AT.origin, 2),
      token.with(AT.flags, 1),
      token.with(AT.keyId, 'l'.charCodeAt(0)),
    ].filter((bytes) => toHex(bytes) !== toHex(token)) as KeyToken[]
    expect(rewritten.length).toBe(19 - 1 + 6 - 1 + 3)
    for (const forged of rewritten) await expectHsmError(use(forged), 'INVALID_TOKEN')
  })

  test('another HSM knows nothing of it, and wraps it not', async () => {
    const token = tokenOf(kind)
    const stranger = createHsm()
    await expectHsmError(USES[kind.keyUsage](stranger, token, kind), 'INVALID_TOKEN')
    await expectHsmError(stranger.rewrap(token), 'INVALID_TOKEN')
    await expectHsmError(stranger.publicKey(token), 'INVALID_TOKEN')
  })
})

test('a token is no token of the key beside it: the wrapped halves cannot be exchanged', async () => {
  for (const kind of FAMILY_KINDS.filter(({ keySpec }) => !keySpec.startsWith('RSA'))) {
    const [a, b] = [await generate(hsm, kind), await generate(hsm, kind)]
    const headerLength = AT.keyId + 1
    const mixed = [
      [...a.token.subarray(0, headerLength), ...b.token.subarray(headerLength)],
      [
        ...a.token.subarray(0, AT.materialId),
        ...b.token.subarray(AT.materialId, AT.keyId - 1),
        ...a.token.subarray(AT.keyId - 1),
      ],
    ].map((bytes) => Uint8Array.from(bytes) as KeyToken)
    for (const forged of mixed) await expectHsmError(USES[kind.keyUsage](hsm, forged, kind), 'INVALID_TOKEN')
  }
})

test('equal material under two key ids has two names', async () => {
  const [a, b] = [await generate(hsm, HMAC, 'a'), await generate(hsm, HMAC, 'a')]
  expect(toHex(a.materialId)).not.toBe(toHex(b.materialId))
  expect(toHex(a.token.subarray(AT.materialId, AT.materialId + 32))).toBe(toHex(a.materialId))
})

const HMAC: Kind = { keySpec: 'HMAC_256', keyUsage: 'GENERATE_VERIFY_MAC' }

describe('when the domain key rotates', () => {
  const domainKeyIdOf = (token: Uint8Array): string => toHex(token.subarray(1, AT.spec))

  test.each(KINDS)(
    '%s: the old token works on, the new one names the new domain key and the same key',
    async (_, kind) => {
      const at = createHsm()
      const { token: old, materialId } = await generate(at, kind)
      const before = await prove(at, old, kind)
      await at.rotateDomainKey()
      expect(await at.status()).toMatchObject({ domainKeys: 2 })
      expect(await prove(at, old, kind, before)).toBeDefined()

      const rewrapped = await at.rewrap(old)
      expect(domainKeyIdOf(rewrapped)).not.toBe(domainKeyIdOf(old))
      expect(toHex(rewrapped.subarray(AT.spec, AT.materialId + 32))).toBe(
        toHex(old.subarray(AT.spec, AT.materialId + 32)),
      )
      expect(toHex(rewrapped.subarray(AT.materialId, AT.materialId + 32))).toBe(toHex(materialId))
      expect(rewrapped).toHaveLength(old.length)
      expect(await prove(at, rewrapped, kind, before)).toBeDefined()
      // A key made now is under the new domain key too.
      const { token: fresh } = await generate(at, HMAC)
      expect(domainKeyIdOf(fresh)).toBe(domainKeyIdOf(rewrapped))
    },
  )

  test('wrapping anew under the same domain key gives another token of the same key', async () => {
    const at = createHsm()
    const { token } = await generate(at, HMAC)
    const again = await at.rewrap(token)
    expect(toHex(again)).not.toBe(toHex(token))
    expect(domainKeyIdOf(again)).toBe(domainKeyIdOf(token))
    const mac = (one: KeyToken) => at.mac({ token: one, algorithm: 'HMAC_SHA_256', message: MESSAGE })
    expect(await mac(again)).toEqual(await mac(token))
  })

  test('a token that is damaged, or of a domain key that never was, is not wrapped anew', async () => {
    const at = createHsm()
    const { token } = await generate(at, HMAC)
    await at.mac({ token, algorithm: 'HMAC_SHA_256', message: MESSAGE })
    for (const bit of [0, 8, 8 * AT.spec, 8 * AT.materialId, token.length * 8 - 1]) {
      await expectHsmError(at.rewrap(flipBit(token, bit)), 'INVALID_TOKEN')
    }
    await expect(at.rewrap('token' as unknown as KeyToken)).rejects.toThrow(TypeError)
  })

  test('ten rotations leave the first token as good as the last', async () => {
    const at = createHsm()
    const { token } = await generate(at, { keySpec: 'SYMMETRIC_DEFAULT', keyUsage: 'ENCRYPT_DECRYPT' })
    let newest = token
    for (let i = 0; i < 10; i++) {
      const sealed = await seal(at, newest, MESSAGE)
      await at.rotateDomainKey()
      newest = await at.rewrap(newest)
      expect(await open(at, newest, sealed)).toEqual(MESSAGE)
      expect(await open(at, token, sealed)).toEqual(MESSAGE)
    }
    expect(await at.status()).toMatchObject({ domainKeys: 11 })
    await at.zeroize()
    for (const one of [token, newest]) await expectHsmError(seal(at, one, MESSAGE), 'ZEROIZED')
  })
})

/** What one token made, another token of the same key accepts. Called without `made`, makes it. */
async function prove(at: Hsm, token: KeyToken, kind: Kind, made?: unknown): Promise<unknown> {
  const use = USES[kind.keyUsage]
  if (made === undefined) return use(at, token, kind)
  const bytes = made as Uint8Array
  switch (kind.keyUsage) {
    case 'ENCRYPT_DECRYPT':
      expect(
        kind.keySpec === 'SYMMETRIC_DEFAULT'
          ? await open(at, token, bytes)
          : await at.open({ token, algorithm: 'RSAES_OAEP_SHA_256', ciphertext: bytes }),
      ).toEqual(MESSAGE)
      break
    case 'SIGN_VERIFY': {
      const algorithm = algorithmsOf(kind.keySpec, 'SIGN_VERIFY')[0] as SigningAlgorithm
      const command = { token, algorithm, messageType: 'RAW', message: MESSAGE, signature: bytes } as const
      expect(await at.verify(command)).toBe(true)
      break
    }
    case 'ENCAPSULATE_DECAPSULATE': {
      const { sharedSecret, ciphertext } = made as { sharedSecret: Uint8Array; ciphertext: Uint8Array }
      expect(await at.decapsulate({ token, algorithm: 'ML_KEM', ciphertext })).toEqual(sharedSecret)
      break
    }
    default:
      // MACs, shared secrets with oneself and public keys come out the same.
      expect(await use(at, token, kind)).toEqual(made)
  }
  return made
}
