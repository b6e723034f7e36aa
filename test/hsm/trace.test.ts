/**
 * What an HSM tells of its steps: everything in order and no secret; and what a teaching HSM adds, which is the secrets.
 */
import { type Hsm, type HsmStep, annotateFixedInput, annotateToken, createHsm } from '@softkms/hsm'
import { type TeachingStep, createTeachingHsm } from '@softkms/hsm/teaching'
import { testingOnlyEntropy } from '@softkms/hsm/testing'
import { createDecipheriv, createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import { annotationsOf, expectCovered } from '../support/annotations.ts'
import { toHex } from '../support/bits.ts'
import { NEW_KEY, expectHsmError, layout, open, openCommand, seal } from '../support/hsm-fixture.ts'

const PLAINTEXT = new TextEncoder().encode('a plaintext that is easily found')
const ADDITIONAL_DATA = new TextEncoder().encode('a context')
const NOTHING = new Uint8Array(0)

const UNWRAPPING = ['token', 'derive', 'open', 'material']
const SEALING = ['frame', 'draw-nonce', 'derive', 'seal']

/** Seals, opens, draws a data key and reseals, and says which steps each took. */
async function exercise(hsm: Hsm, steps: readonly unknown[], nameOf: (step: never) => string) {
  const taken: Record<string, string[]> = {}
  const note = async <T>(name: string, act: () => Promise<T>): Promise<T> => {
    const before = steps.length
    const result = await act()
    taken[name] = steps.slice(before).map((step) => nameOf(step as never))
    return result
  }
  const { token } = await hsm.generateKey(NEW_KEY)
  const sealed = await note('seal', () => seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA))
  await note('open', () => open(hsm, token, sealed, ADDITIONAL_DATA))
  const target = { token, layout, additionalData: NOTHING }
  await note('data key', () => hsm.generateSealedDataKey({ ...target, length: 32, isPlaintextWanted: true }))
  await note('sealed data key', () => hsm.generateSealedDataKey({ ...target, length: 32, isPlaintextWanted: false }))
  const source = openCommand(token, sealed, ADDITIONAL_DATA)
  await note('reseal', () => hsm.reseal({ source, destination: target }))
  return { taken, token, sealed }
}

test('every step, in the order of events', async () => {
  const steps: HsmStep[] = []
  const { taken } = await exercise(
    createHsm({ trace: (step) => steps.push(step) }),
    steps,
    (step: HsmStep) => step.step,
  )
  expect(taken).toEqual({
    seal: [...UNWRAPPING, ...SEALING],
    open: ['token', 'derive', 'open', 'frame', 'release'],
    'data key': ['draw-data-key', 'token', ...SEALING, 'release'],
    'sealed data key': ['draw-data-key', 'token', ...SEALING],
    reseal: ['token', 'token', 'derive', 'open', 'frame', 'token', ...SEALING],
  })
})

test('what the steps say is what happened', async () => {
  const steps: HsmStep[] = []
  const hsm = createHsm({ trace: (step) => steps.push(step) })
  const { token, materialId } = await hsm.generateKey(NEW_KEY)
  steps.length = 0
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)

  const [first, , unwrapped, material, frame, nonce, derived, last] = steps
  expect(first).toMatchObject({ step: 'token', token, wasLoaded: false, fields: { keyId: NEW_KEY.keyId, materialId } })
  expectCovered(annotationsOf(annotateToken(token)), token.length)
  expect(unwrapped).toMatchObject({ step: 'open', isAuthentic: true, ciphertextLength: 48 })
  expect(material).toMatchObject({ step: 'material', isMatch: true })
  expect(frame).toMatchObject({
    step: 'frame',
    isOpening: false,
    frame: Uint8Array.of(1, 1, 0, 0, 0, 32, 0, 0, 0, 0, 0),
  })
  expect(nonce).toMatchObject({ nonce: sealed.subarray(0, 16), iv: sealed.subarray(16, 28) })
  expect(derived).toMatchObject({ step: 'derive', label: 'softkms message key' })
  if (derived?.step !== 'derive') throw new Error('no derivation')
  const named = annotationsOf(annotateFixedInput(derived.fixedInput, derived.label, 'KeyMaterialId'))
  expectCovered(named, derived.fixedInput.length)
  expect(named.map(({ length }) => length)).toEqual([4, 19, 1, 1, 32, 16, 4])
  expect(last).toMatchObject({ step: 'seal', additionalData: ADDITIONAL_DATA, plaintextLength: 11 + 32, sealed })
})

test('a ciphertext that does not open is told so, and nothing of it', async () => {
  const steps: HsmStep[] = []
  const hsm = createHsm({ trace: (step) => steps.push(step) })
  const { token } = await hsm.generateKey(NEW_KEY)
  const sealed = await seal(hsm, token, PLAINTEXT)
  steps.length = 0
  await expectHsmError(open(hsm, token, sealed.with(40, (sealed[40] ?? 0) ^ 1)), 'AUTHENTICATION_FAILED')
  expect(steps.map(({ step }) => step)).toEqual(['token', 'derive', 'open'])
  expect(steps.at(-1)).toMatchObject({ isAuthentic: false })
})

test('a teaching HSM shows what the steps were made with, as OpenSSL computes it', async () => {
  const told: TeachingStep[] = []
  const hsm = createTeachingHsm({ trace: (step) => told.push(step) })
  const { token } = await hsm.generateKey(NEW_KEY)
  told.length = 0
  const sealed = await seal(hsm, token, PLAINTEXT, ADDITIONAL_DATA)

  const secretsOf = (label: string) => {
    const found = told.find(({ step }) => step.step === 'derive' && step.label === label)
    if (found?.step.step !== 'derive') throw new Error(`nothing was derived as ${label}`)
    const { 'key-derivation key': from = NOTHING, 'derived key': key = NOTHING } = found.secrets
    expect(toHex(createHmac('sha256', from).update(found.step.fixedInput).digest())).toBe(toHex(key))
    return { from, key }
  }
  const wrapping = secretsOf('softkms token key')
  const message = secretsOf('softkms message key')

  const material = openGcm(wrapping.key, token.slice(0, -48), token.slice(69, 81), token.slice(-48))
  expect(toHex(material)).toBe(toHex(message.from))
  const additionalData = Uint8Array.of(...sealed.subarray(0, 28), ...ADDITIONAL_DATA)
  const framed = openGcm(message.key, additionalData, sealed.slice(16, 28), sealed.slice(28))
  expect(toHex(framed.subarray(11))).toBe(toHex(PLAINTEXT))
  expect(told.find(({ step }) => step.step === 'seal')?.secrets.plaintext).toEqual(Uint8Array.from(framed))
  expect(told.find(({ step }) => step.step === 'material')?.secrets['key material']).toEqual(message.from)
})

test('the usual HSM with the same randomness does the same and tells no secret', async () => {
  const entropy = () => testingOnlyEntropy(Uint8Array.of(7))
  const told: TeachingStep[] = []
  const teaching = createTeachingHsm({ entropy: entropy(), trace: (step) => told.push(step) })
  const shown = await exercise(teaching, told, ({ step }: TeachingStep) => step.step)
  const secrets = new Set(told.flatMap(({ secrets: found }) => Object.values(found).map(toHex)))

  const steps: HsmStep[] = []
  const usual = createHsm({ entropy: entropy(), trace: (step) => steps.push(step) })
  const hidden = await exercise(usual, steps, (step: HsmStep) => step.step)
  // The same keys were at work, or there would be nothing to find.
  expect(toHex(hidden.token)).toBe(toHex(shown.token))
  expect(hidden.taken).toEqual(shown.taken)

  const everything = JSON.stringify(steps, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value))
  expect(everything).toContain(toHex(hidden.token))
  // Two domain and key secrets, their derived keys, and what was sealed.
  expect(secrets.size).toBeGreaterThan(8)
  for (const secret of secrets) expect(everything).not.toContain(secret)
  expect(everything).not.toContain(toHex(PLAINTEXT))
})

test('the usual HSM has no option that makes it a teaching one', async () => {
  const steps: unknown[] = []
  const options = { trace: (step: HsmStep) => steps.push(step), teaching: true, isTeaching: true, secrets: true }
  const hsm = createHsm(options)
  const { token } = await hsm.generateKey(NEW_KEY)
  await seal(hsm, token, PLAINTEXT)
  for (const step of steps) expect(step).not.toHaveProperty('secrets')
})

test('tracing changes nothing of what comes out', async () => {
  const entropy = () => testingOnlyEntropy(Uint8Array.of(9))
  const nameless = () => 'step'
  const plain = await exercise(createHsm({ entropy: entropy() }), [], nameless)
  const traced = await exercise(createHsm({ entropy: entropy(), trace: () => undefined }), [], nameless)
  expect(toHex(traced.sealed)).toBe(toHex(plain.sealed))
})

function openGcm(key: Uint8Array, additionalData: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array {
  const decipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(additionalData).setAuthTag(sealed.slice(-16))
  return Buffer.concat([decipher.update(sealed.slice(0, -16)), decipher.final()])
}
