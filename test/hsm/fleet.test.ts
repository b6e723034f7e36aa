/** The fleet: every command as one HSM performs it, slow ones elsewhere, and what becomes of them when a worker ends. */
import { createHsm, type Hsm, HsmError, type KeyToken } from '@softkms/hsm'
import { createHsmFleet, type FleetOptions, type HsmFleet } from '@softkms/hsm/fleet'
import { Crew, type CrewOptions, type Job } from '../../packages/hsm/src/fleet/crew.ts'
import { afterEach, describe, expect, test } from 'vitest'
import { NEW_KEY, open, seal } from '../support/hsm-fixture.ts'

const MESSAGE = new TextEncoder().encode('hello')
const ROOT_KEY = new Uint8Array(32).fill(5)
const fleets: HsmFleet[] = []

afterEach(async () => {
  await Promise.all(fleets.splice(0).map((fleet) => fleet.close()))
})

function start(options: Partial<FleetOptions> = {}): HsmFleet {
  const fleet = createHsmFleet({ workers: 2, ...options })
  fleets.push(fleet)
  return fleet
}

const generate = (
  hsm: Hsm,
  keySpec: 'RSA_2048' | 'ECC_NIST_P521' | 'ML_DSA_65' | 'ECC_NIST_P256',
  keyUsage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT' | 'KEY_AGREEMENT' = 'SIGN_VERIFY',
) => hsm.generateKey({ keyId: '1234abcd-12ab-34cd-56ef-1234567890ab', keySpec, keyUsage, origin: 'AWS_KMS' })

const sign = (hsm: Hsm, token: KeyToken) =>
  hsm.sign({ token, algorithm: 'RSASSA_PSS_SHA_256', messageType: 'RAW', message: MESSAGE })

describe('a fleet', () => {
  test.each([
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ML_DSA_65', 'ML_DSA_SHAKE_256'],
  ] as const)('signs and verifies by %s, as one HSM of the domain does', async (keySpec, algorithm) => {
    const fleet = start({ rootKey: ROOT_KEY })
    const { token } = await generate(fleet, keySpec)
    const command = { token, algorithm, messageType: 'RAW', message: MESSAGE } as const
    const signature = await fleet.sign(command)
    expect(await fleet.verify({ ...command, signature })).toBe(true)
    expect(await fleet.verify({ ...command, signature: signature.toReversed() })).toBe(false)
    const one = createHsm({ rootKey: ROOT_KEY })
    await one.openKeyring(await fleet.sealKeyring())
    expect(await one.verify({ ...command, signature })).toBe(true)
    expect(await one.publicKey(token)).toEqual(await fleet.publicKey(token))
    expect(await one.describeKey(token)).toEqual(await fleet.describeKey(token))
  })

  test('encrypts by RSA, and between RSA and symmetric keys, with layouts that are asked for', async () => {
    const fleet = start()
    const [rsa, symmetric] = [await generate(fleet, 'RSA_2048', 'ENCRYPT_DECRYPT'), await fleet.generateKey(NEW_KEY)]
    const target = { token: rsa.token, algorithm: 'RSAES_OAEP_SHA_256' } as const
    const ciphertext = await fleet.seal({ ...target, plaintext: MESSAGE })
    expect(await fleet.open({ ...target, ciphertext })).toEqual(MESSAGE)
    const lengths: number[] = []
    const resealed = await fleet.reseal({
      source: { ...target, ciphertext },
      destination: {
        token: symmetric.token,
        additionalData: new Uint8Array(3),
        layout(plaintextLength) {
          lengths.push(plaintextLength)
          return { bytes: new Uint8Array(28), nonceOffset: 0, ivOffset: 16 }
        },
      },
    })
    expect(lengths).toContain(MESSAGE.length)
    const header = { bytes: resealed.subarray(0, 28), nonceOffset: 0, ivOffset: 16 }
    expect(
      await fleet.open({
        token: symmetric.token,
        header,
        additionalData: new Uint8Array(3),
        ciphertext: resealed.subarray(28),
      }),
    ).toEqual(MESSAGE)
  })

  test('makes sealed key pairs of slow specs', async () => {
    const fleet = start()
    const { token } = await fleet.generateKey(NEW_KEY)
    const pair = await fleet.generateSealedKeyPair({
      token,
      keyPairSpec: 'RSA_2048',
      isPlaintextWanted: true,
      additionalData: new Uint8Array(0),
      layout: () => ({ bytes: new Uint8Array(28), nonceOffset: 0, ivOffset: 16 }),
    })
    const header = { bytes: pair.sealed.subarray(0, 28), nonceOffset: 0, ivOffset: 16 }
    const opened = await fleet.open({
      token,
      header,
      additionalData: new Uint8Array(0),
      ciphertext: pair.sealed.subarray(28),
    })
    expect(opened).toEqual(pair.plaintext)
  })

  test('keeps refusals as they are, wherever they come from', async () => {
    const fleet = start()
    const { token } = await generate(fleet, 'RSA_2048', 'ENCRYPT_DECRYPT')
    const target = { token, algorithm: 'RSAES_OAEP_SHA_256' } as const
    await expect(sign(fleet, token)).rejects.toMatchObject({ name: 'HsmError', code: 'KEY_USAGE' })
    await expect(fleet.open({ ...target, ciphertext: new Uint8Array(256).fill(1) })).rejects.toThrow(
      new HsmError('AUTHENTICATION_FAILED'),
    )
    await expect(fleet.seal({ ...target, plaintext: new Uint8Array(0) })).rejects.toThrow(RangeError)
    await expect(fleet.seal({ ...target, plaintext: 'text' as never })).rejects.toThrow(TypeError)
    await expect(sign(fleet, token.slice(1) as KeyToken)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    await expect(fleet.describeKey('x' as never)).rejects.toThrow(TypeError)
    const layout = (): never => {
      throw new RangeError('no such layout')
    }
    const symmetric = await fleet.generateKey(NEW_KEY)
    await expect(
      fleet.generateSealedKeyPair({
        token: symmetric.token,
        keyPairSpec: 'RSA_2048',
        isPlaintextWanted: false,
        additionalData: new Uint8Array(0),
        layout,
      }),
    ).rejects.toThrow('no such layout')
  })

  test('of a view passes its own bytes alone', async () => {
    const fleet = start()
    const { token } = await generate(fleet, 'RSA_2048')
    const memory = new Uint8Array(100).fill(9)
    memory.set(MESSAGE, 50)
    const message = memory.subarray(50, 50 + MESSAGE.length)
    const command = { token, algorithm: 'RSASSA_PKCS1_V1_5_SHA_256', messageType: 'RAW', message } as const
    const signature = await fleet.sign(command)
    expect(await fleet.verify({ ...command, message: MESSAGE, signature })).toBe(true)
    expect([...memory.subarray(0, 50)].every((byte) => byte === 9)).toBe(true)
    expect(message).toEqual(MESSAGE)
  })
})

describe('the domain', () => {
  test('rotates everywhere, before anything that comes later', async () => {
    const fleet = start({ workers: 3 })
    const { token } = await generate(fleet, 'RSA_2048')
    await fleet.rotateDomainKey()
    const rewrapped = await fleet.rewrap(token)
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => sign(fleet, rewrapped)))
    expect(new Set(outcomes.map(({ length }) => length))).toEqual(new Set([256]))
    expect((await fleet.status()).domainKeys).toBe(2)
    await expect(fleet.sealKeyring()).rejects.toMatchObject({ code: 'NO_ROOT_KEY' })
  })

  test('is joined by a keyring, and left when the fleet is zeroized', async () => {
    const first = createHsm({ rootKey: ROOT_KEY })
    const { token } = await generate(first, 'RSA_2048')
    const fleet = start({ rootKey: ROOT_KEY })
    await expect(sign(fleet, token)).rejects.toMatchObject({ code: 'INVALID_TOKEN' })
    await fleet.openKeyring(await first.sealKeyring())
    expect(await sign(fleet, token)).toHaveLength(256)
    await fleet.zeroize()
    await expect(sign(fleet, token)).rejects.toMatchObject({ code: 'ZEROIZED' })
    await expect(fleet.random(3)).rejects.toMatchObject({ code: 'ZEROIZED' })
  })
})

test('slow commands hold no quick one up', async () => {
  const fleet = start({ workers: 1 })
  const { token } = await fleet.generateKey(NEW_KEY)
  await generate(fleet, 'RSA_2048')
  let slowDone = 0
  const slow = Array.from({ length: 4 }, async () => {
    await fleet.generateKey({ ...NEW_KEY, keySpec: 'RSA_3072', keyUsage: 'SIGN_VERIFY' })
    slowDone += 1
  })
  for (let i = 0; i < 50; i++) expect(await open(fleet, token, await seal(fleet, token, MESSAGE))).toEqual(MESSAGE)
  expect(slowDone).toBeLessThan(4)
  await Promise.all(slow)
})

test('more commands than may wait are refused, and the others performed', async () => {
  const fleet = start({ workers: 1, queueLimit: 3 })
  const { token } = await generate(fleet, 'RSA_2048')
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => sign(fleet, token)))
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThanOrEqual(6)
  for (const { reason } of refused as PromiseRejectedResult[]) expect(reason).toMatchObject({ code: 'BUSY' })
  expect(outcomes.length - refused.length).toBeGreaterThanOrEqual(3)
  expect(await sign(fleet, token)).toHaveLength(256)
})

test.each([0, -1, 1.5, Number.NaN])('%d is no number of workers', (workers) => {
  expect(() => createHsmFleet({ workers })).toThrow(RangeError)
})

describe('a worker that ends', () => {
  const script = new URL('../support/dying-worker.ts', import.meta.url)
  const hsm = createHsm({ rootKey: ROOT_KEY })
  const setup = async () => ({ rootKey: ROOT_KEY.slice(), sealedKeyring: await hsm.sealKeyring() })
  const crews: Crew[] = []
  afterEach(async () => {
    await Promise.all(crews.splice(0).map((crew) => crew.close()))
  })
  const startCrew = (options: Partial<CrewOptions> = {}): Crew => {
    const crew = new Crew({ workers: 2, queueLimit: 100, provider: 'noble', script, setup, ...options })
    crews.push(crew)
    return crew
  }
  /** A signature under which so many workers end. */
  const job = (token: KeyToken, deaths: number): Job => ({
    method: 'sign',
    argument: {
      ...{ token, algorithm: 'ECDSA_SHA_256', messageType: 'RAW', message: MESSAGE },
      deaths: new Int32Array(new SharedArrayBuffer(4)).fill(deaths),
    },
    layout: undefined,
  })

  test('is replaced, and its command is performed by another', async () => {
    const { token } = await generate(hsm, 'ECC_NIST_P256')
    const crew = startCrew()
    const outcomes = await Promise.all([1, 0, 0, 1, 0].map((deaths) => crew.perform(job(token, deaths))))
    for (const outcome of outcomes) expect(outcome).toBeInstanceOf(Uint8Array)
    expect(await crew.perform(job(token, 0))).toBeInstanceOf(Uint8Array)
  })

  test('twice over one command fails that command, and no other', async () => {
    const { token } = await generate(hsm, 'ECC_NIST_P256')
    const crew = startCrew()
    const outcomes = await Promise.allSettled([2, 0, 0].map((deaths) => crew.perform(job(token, deaths))))
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled'])
    expect(outcomes[0]).toMatchObject({ reason: { code: 'UNAVAILABLE' } })
  })

  test('before it ever was ready, again and again, makes commands fail and not wait, until workers start again', async () => {
    const { token } = await generate(hsm, 'ECC_NIST_P256')
    let isBroken = true
    const crew = startCrew({
      async setup() {
        if (isBroken) throw new Error('no memory')
        return setup()
      },
    })
    await expect(crew.perform(job(token, 0))).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    isBroken = false
    expect(await crew.perform(job(token, 0))).toBeInstanceOf(Uint8Array)
  })
})
