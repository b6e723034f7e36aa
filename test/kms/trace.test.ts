/** What the pipeline tells of its steps, and how far a request that is refused has come. */
import { createHsm } from '@softkms/hsm'
import { type PipelineStep, KmsError, arnOf } from '@softkms/kms'
import { createKms, type HsmStep } from 'softkms'
import { beforeEach, expect, test } from 'vitest'

const steps: (PipelineStep | HsmStep)[] = []
const trace = (step: PipelineStep | HsmStep): void => void steps.push(step)
const PLAINTEXT = new TextEncoder().encode('hello')

beforeEach(() => {
  steps.length = 0
})

async function createKey(kms: Awaited<ReturnType<typeof createKms>>): Promise<string> {
  const { KeyMetadata } = await kms.createKey()
  return KeyMetadata?.Arn ?? ''
}

test('engine and HSM tell their steps to one listener, in the order of events', async () => {
  const kms = await createKms({ trace })
  const arn = await createKey(kms)
  await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: arn })
  steps.length = 0
  await kms.encrypt({ KeyId: 'alias/a', Plaintext: PLAINTEXT })
  expect(steps.map(({ step }) => step)).toEqual([
    ...['validate', 'resolve', 'authorize', 'permit', 'perform'],
    ...['token', 'derive', 'open', 'material'],
    ...['frame', 'draw-nonce', 'derive', 'seal'],
  ])
  const [, resolve, authorize, permit] = steps
  expect(resolve).toMatchObject({ role: 'key', key: { keySpec: 'SYMMETRIC_DEFAULT' } })
  expect(resolve?.step === 'resolve' && arnOf(resolve.key)).toBe(arn)
  expect(authorize).toMatchObject({ action: 'kms:Encrypt', principal: 'arn:aws:iam::000000000000:root' })
  expect(permit).toMatchObject({ usage: 'ENCRYPT_DECRYPT', key: { life: { state: { name: 'Enabled' } } } })
})

test('ReEncrypt finds and authorizes each key before the next', async () => {
  const kms = await createKms({ trace })
  const [source, destination] = [await createKey(kms), await createKey(kms)]
  const { CiphertextBlob } = await kms.encrypt({ KeyId: source, Plaintext: PLAINTEXT })
  steps.length = 0
  await kms.reEncrypt({ CiphertextBlob, DestinationKeyId: destination })
  const told = steps.map((one) => ('role' in one ? `${one.step} ${one.role}` : one.step))
  expect(told.slice(0, 8)).toEqual([
    ...['validate', 'resolve source', 'authorize source', 'resolve destination', 'authorize destination'],
    ...['permit source', 'permit destination', 'perform'],
  ])
  expect(told).not.toContain('release')
})

test.each([
  ['an invalid request', { KeyId: '' }, []],
  ['a key that is not there', { KeyId: 'alias/none' }, ['validate']],
])('%s: nothing is told beyond the refusal', async (_name, members, told) => {
  const kms = await createKms({ trace })
  steps.length = 0
  await expect(kms.encrypt({ Plaintext: PLAINTEXT, ...members })).rejects.toBeInstanceOf(KmsError)
  expect(steps.map(({ step }) => step)).toEqual(told)
})

test('a disabled key: found and authorized, not permitted', async () => {
  const kms = await createKms({ trace })
  const KeyId = await createKey(kms)
  await kms.disableKey({ KeyId })
  steps.length = 0
  await expect(kms.encrypt({ KeyId, Plaintext: PLAINTEXT })).rejects.toMatchObject({ code: 'DisabledException' })
  expect(steps.map(({ step }) => step)).toEqual(['validate', 'resolve', 'authorize'])
})

test('an HSM that is given has a trace of its own', async () => {
  const kms = await createKms({ trace, hsm: createHsm() })
  const KeyId = await createKey(kms)
  steps.length = 0
  await kms.encrypt({ KeyId, Plaintext: PLAINTEXT })
  expect(steps.map(({ step }) => step)).toEqual(['validate', 'resolve', 'authorize', 'permit', 'perform'])
})
