/**
 * A key does what its token says and nothing else: every command against every kind of key, every algorithm against
 * every kind, and messages that an algorithm does not take.
 */
import {
  type Algorithm,
  type Hsm,
  type KeyToken,
  type KeyUsage,
  type MessageType,
  SIGNING_ALGORITHMS,
  type SigningAlgorithm,
  algorithmsOf,
  createHsm,
  digestLength,
} from '@softkms/hsm'
import { beforeAll, describe, expect, test } from 'vitest'
import { expectHsmError, layout, open, openCommand, seal } from '../../support/hsm-fixture.ts'
import { FAMILY_KINDS, QUICK_KINDS, generateAll, titleOf } from '../../support/hsm-keys.ts'

const NOTHING = new Uint8Array(0)
const SOME = new Uint8Array(64).fill(1)
const hsm = createHsm()
let tokens: ReadonlyMap<string, KeyToken>

beforeAll(async () => {
  tokens = await generateAll(hsm, QUICK_KINDS)
})

function tokenOf(title: string): KeyToken {
  return tokens.get(title) ?? expect.fail(`no key of ${title}`)
}

interface UsageCommand {
  readonly usage: KeyUsage
  readonly send: (at: Hsm, token: KeyToken) => Promise<unknown>
}

const symmetric = (): KeyToken => tokenOf('SYMMETRIC_DEFAULT ENCRYPT_DECRYPT')
const target = (token: KeyToken) => ({ token, layout, additionalData: NOTHING })
const signing = { algorithm: 'ECDSA_SHA_256', messageType: 'RAW', message: SOME } as const

/** Each command that needs a key for something, well formed but for the key. */
const COMMANDS: Readonly<Record<string, UsageCommand>> = {
  seal: { usage: 'ENCRYPT_DECRYPT', send: (at, token) => seal(at, token, SOME) },
  'seal with RSA': {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) => at.seal({ token, algorithm: 'RSAES_OAEP_SHA_256', plaintext: SOME }),
  },
  open: { usage: 'ENCRYPT_DECRYPT', send: (at, token) => open(at, token, new Uint8Array(60)) },
  'open with RSA': {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) => at.open({ token, algorithm: 'RSAES_OAEP_SHA_1', ciphertext: SOME }),
  },
  'reseal from': {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) =>
      at.reseal({ source: openCommand(token, new Uint8Array(60)), destination: target(symmetric()) }),
  },
  'reseal to': {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) =>
      at.reseal({ source: openCommand(symmetric(), new Uint8Array(60)), destination: target(token) }),
  },
  generateSealedDataKey: {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) => at.generateSealedDataKey({ ...target(token), length: 32, isPlaintextWanted: false }),
  },
  generateSealedKeyPair: {
    usage: 'ENCRYPT_DECRYPT',
    send: (at, token) =>
      at.generateSealedKeyPair({ ...target(token), keyPairSpec: 'ECC_NIST_P256', isPlaintextWanted: false }),
  },
  sign: { usage: 'SIGN_VERIFY', send: (at, token) => at.sign({ token, ...signing }) },
  verify: { usage: 'SIGN_VERIFY', send: (at, token) => at.verify({ token, ...signing, signature: SOME }) },
  mac: {
    usage: 'GENERATE_VERIFY_MAC',
    send: (at, token) => at.mac({ token, algorithm: 'HMAC_SHA_256', message: SOME }),
  },
  verifyMac: {
    usage: 'GENERATE_VERIFY_MAC',
    send: (at, token) => at.verifyMac({ token, algorithm: 'HMAC_SHA_256', message: SOME, mac: SOME }),
  },
  deriveSharedSecret: {
    usage: 'KEY_AGREEMENT',
    send: (at, token) => at.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: SOME }),
  },
  encapsulate: {
    usage: 'ENCAPSULATE_DECAPSULATE',
    send: (at, token) => at.encapsulate({ token, algorithm: 'ML_KEM' }),
  },
  decapsulate: {
    usage: 'ENCAPSULATE_DECAPSULATE',
    send: (at, token) => at.decapsulate({ token, algorithm: 'ML_KEM', ciphertext: SOME }),
  },
  importKey: {
    usage: 'UNWRAP',
    send: (at, wrappingToken) =>
      at.importKey({
        keyId: 'k',
        keySpec: 'HMAC_256',
        keyUsage: 'GENERATE_VERIFY_MAC',
        origin: 'EXTERNAL',
        wrappingToken,
        wrappingAlgorithm: 'RSAES_OAEP_SHA_256',
        wrappedMaterial: new Uint8Array(256),
      }),
  },
}

describe.each(Object.entries(COMMANDS))('%s', (_, { usage, send }) => {
  test.each(QUICK_KINDS.filter(({ keyUsage }) => keyUsage !== usage).map(titleOf))(
    'refuses a key for %s',
    async (title) => {
      await expectHsmError(send(hsm, tokenOf(title)), 'KEY_USAGE')
    },
  )
})

/** The commands again, by the algorithm that they name. */
const BY_ALGORITHM: Readonly<
  Partial<Record<KeyUsage, readonly ((token: KeyToken, name: Algorithm) => Promise<unknown>)[]>>
> = {
  ENCRYPT_DECRYPT: [
    (token, name) => hsm.seal({ token, algorithm: name as 'RSAES_OAEP_SHA_1', plaintext: SOME }),
    (token, name) => hsm.open({ token, algorithm: name as 'RSAES_OAEP_SHA_1', ciphertext: new Uint8Array(256) }),
  ],
  SIGN_VERIFY: [
    (token, name) => hsm.sign({ token, ...signing, algorithm: name as SigningAlgorithm }),
    (token, name) => hsm.verify({ token, ...signing, algorithm: name as SigningAlgorithm, signature: SOME }),
  ],
  GENERATE_VERIFY_MAC: [
    (token, name) => hsm.mac({ token, algorithm: name as 'HMAC_SHA_224', message: SOME }),
    (token, name) => hsm.verifyMac({ token, algorithm: name as 'HMAC_SHA_224', message: SOME, mac: SOME }),
  ],
  KEY_AGREEMENT: [(token, name) => hsm.deriveSharedSecret({ token, algorithm: name as 'ECDH', publicKey: SOME })],
  ENCAPSULATE_DECAPSULATE: [
    (token, name) => hsm.encapsulate({ token, algorithm: name as 'ML_KEM' }),
    (token, name) => hsm.decapsulate({ token, algorithm: name as 'ML_KEM', ciphertext: SOME }),
  ],
}

const ALL_ALGORITHMS: readonly Algorithm[] = [
  ...new Set(QUICK_KINDS.flatMap(({ keySpec, keyUsage }) => algorithmsOf(keySpec, keyUsage))),
  'SM2DSA' as Algorithm,
  'constructor' as Algorithm,
  undefined as unknown as Algorithm,
]

test.each(QUICK_KINDS.filter(({ keyUsage }) => keyUsage !== 'UNWRAP').map((kind) => [titleOf(kind), kind] as const))(
  '%s refuses every algorithm that it does not have',
  async (title, { keySpec, keyUsage }) => {
    const wrong = ALL_ALGORITHMS.filter((name) => !algorithmsOf(keySpec, keyUsage).includes(name))
    expect(wrong.length).toBeGreaterThan(15)
    for (const name of wrong) {
      for (const send of BY_ALGORITHM[keyUsage] ?? []) await expectHsmError(send(tokenOf(title), name), 'ALGORITHM')
    }
  },
)

test('an RSA key does not seal as a symmetric one does, nor the other way', async () => {
  const rsa = tokenOf('RSA_2048 ENCRYPT_DECRYPT')
  for (const name of ['seal', 'open', 'reseal from', 'reseal to', 'generateSealedDataKey', 'generateSealedKeyPair']) {
    await expectHsmError(COMMANDS[name]?.send(hsm, rsa) ?? Promise.resolve(), 'ALGORITHM')
  }
  for (const name of ['seal with RSA', 'open with RSA']) {
    await expectHsmError(COMMANDS[name]?.send(hsm, symmetric()) ?? Promise.resolve(), 'ALGORITHM')
  }
})

const SIGNERS = QUICK_KINDS.filter(({ keyUsage }) => keyUsage === 'SIGN_VERIFY')
const MESSAGE_TYPES: readonly MessageType[] = ['RAW', 'DIGEST', 'EXTERNAL_MU', 'digest' as MessageType]

test.each(SIGNERS.map((kind) => [titleOf(kind), kind] as const))(
  '%s takes its message types alone',
  async (title, kind) => {
    const token = tokenOf(title)
    for (const algorithm of algorithmsOf(kind.keySpec, 'SIGN_VERIFY') as SigningAlgorithm[]) {
      const { messageTypes, hash } = SIGNING_ALGORITHMS[algorithm]
      for (const messageType of MESSAGE_TYPES.filter((type) => !messageTypes.includes(type))) {
        const command = { token, algorithm, messageType, message: SOME }
        await expectHsmError(hsm.sign(command), 'ALGORITHM')
        await expectHsmError(hsm.verify({ ...command, signature: SOME }), 'ALGORITHM')
      }
      for (const messageType of messageTypes.filter((type) => type !== 'RAW')) {
        const right = messageType === 'EXTERNAL_MU' || hash === undefined ? 64 : digestLength(hash)
        for (const length of [0, right - 1, right + 1, 128]) {
          const command = { token, algorithm, messageType, message: new Uint8Array(length) }
          const refusal = new RangeError(`message must be ${right} bytes`)
          await expect(hsm.sign(command)).rejects.toThrow(refusal)
          await expect(hsm.verify({ ...command, signature: SOME })).rejects.toThrow(refusal)
        }
      }
    }
  },
)

test.each(SIGNERS.map(titleOf))('%s: a malformed signature is one that does not verify', async (title) => {
  const [keySpec = ''] = title.split(' ')
  const algorithm = algorithmsOf(keySpec as 'RSA_2048', 'SIGN_VERIFY')[0] as SigningAlgorithm
  const command = { token: tokenOf(title), algorithm, messageType: 'RAW', message: SOME } as const
  const good = await hsm.sign(command)
  const bad = [NOTHING, Uint8Array.of(0), good.slice(1), Uint8Array.of(...good, 0), new Uint8Array(good.length)]
  for (const signature of [...bad, new Uint8Array(good.length).fill(255), new Uint8Array(6144)]) {
    expect(await hsm.verify({ ...command, signature })).toBe(false)
  }
  expect(await hsm.verify({ ...command, signature: good })).toBe(true)
})

test.each(FAMILY_KINDS.map(titleOf))('%s: text in place of bytes is refused by name', async (title) => {
  const token = tokenOf(title)
  const text = 'text' as unknown as Uint8Array
  const attempts: readonly (readonly [string, Promise<unknown>])[] = [
    ['plaintext', hsm.seal({ token, algorithm: 'RSAES_OAEP_SHA_1', plaintext: text })],
    ['ciphertext', hsm.open({ token, algorithm: 'RSAES_OAEP_SHA_1', ciphertext: text })],
    ['signature', hsm.verify({ token, ...signing, signature: text })],
    ['message', hsm.mac({ token, algorithm: 'HMAC_SHA_224', message: text })],
    ['mac', hsm.verifyMac({ token, algorithm: 'HMAC_SHA_224', message: SOME, mac: text })],
    ['publicKey', hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: text })],
    ['ciphertext', hsm.decapsulate({ token, algorithm: 'ML_KEM', ciphertext: text })],
  ]
  for (const [name, attempt] of attempts) {
    await expect(attempt).rejects.toThrow(new TypeError(`${name} must be a Uint8Array`))
  }
})

test.each([
  ['nothing', () => NOTHING],
  ['a key of another curve', () => tokenOf('ECC_NIST_P384 KEY_AGREEMENT')],
  ['a key of secp256k1', () => tokenOf('ECC_SECG_P256K1 SIGN_VERIFY')],
  ['a key that only signs', () => tokenOf('ECC_NIST_EDWARDS25519 SIGN_VERIFY')],
  ['an RSA key', () => tokenOf('RSA_2048 SIGN_VERIFY')],
  ['an ML-KEM key', () => tokenOf('ML_KEM_512 ENCAPSULATE_DECAPSULATE')],
])('%s is no peer of a P-256 key', async (title, peer) => {
  const publicKey = title === 'nothing' ? NOTHING : await hsm.publicKey(peer() as KeyToken)
  const token = tokenOf('ECC_NIST_P256 KEY_AGREEMENT')
  await expectHsmError(hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey }), 'INVALID_PUBLIC_KEY')
})

test('a peer off the curve, at infinity, compressed or with a byte too many is refused', async () => {
  const token = tokenOf('ECC_NIST_P256 KEY_AGREEMENT')
  const good = await hsm.publicKey(tokenOf('ECC_NIST_P256 SIGN_VERIFY'))
  await expect(hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey: good })).resolves.toHaveLength(32)
  const header = good.subarray(0, -65)
  const point = good.subarray(-65)
  const bad = [
    Uint8Array.of(...header, ...point.subarray(0, 64), (point[64] ?? 0) ^ 1),
    Uint8Array.of(...header, 4, ...new Uint8Array(64)),
    Uint8Array.of(...header, 2, ...point.subarray(1)),
    Uint8Array.of(...good, 0),
    good.slice(0, -1),
    point,
  ]
  for (const publicKey of bad) {
    await expectHsmError(hsm.deriveSharedSecret({ token, algorithm: 'ECDH', publicKey }), 'INVALID_PUBLIC_KEY')
  }
})
