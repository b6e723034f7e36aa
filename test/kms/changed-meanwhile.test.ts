/**
 * A key that changes between the check of its state and the change that was checked: the change is decided anew, on
 * the key as it then is.
 */
import { type Store, createMemoryStore } from '@softkms/kms'
import { KmsError } from 'softkms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  type NewKey,
  REGION,
  call,
  createKey,
  readEverything,
  startKms,
} from '../support/kms-fixture.ts'
import { KEY_OPERATIONS, type Surroundings, surround } from '../support/key-operations.ts'
import { openPolicy } from '../support/policies.ts'

interface Interruptible {
  readonly store: Store
  /** Runs something between the next decision and its commit. */
  readonly interrupt: (interruption: () => Promise<unknown>) => void
}

function createInterruptibleStore(): Interruptible {
  const memory = createMemoryStore()
  let pending: (() => Promise<unknown>) | undefined
  return {
    interrupt(interruption) {
      pending = interruption
    },
    store: {
      ...memory,
      async commit(changes) {
        const interruption = pending
        pending = undefined
        await interruption?.()
        return memory.commit(changes)
      },
    },
  }
}

interface Scene extends KmsFixture, Interruptible {
  readonly key: NewKey
  readonly surroundings: Surroundings
}

async function setScene(): Promise<Scene> {
  const interruptible = createInterruptibleStore()
  const fixture = await startKms({ store: interruptible.store })
  const key = await createKey(fixture.kms)
  return { ...fixture, ...interruptible, key, surroundings: await surround(fixture.kms, key.keyId) }
}

const REFUSED_WHEN_PENDING = [
  'CreateAlias',
  'DisableKey',
  'DisableKeyRotation',
  'EnableKey',
  'EnableKeyRotation',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
  'UpdateKeyDescription',
]

const WRITING = KEY_OPERATIONS.filter(({ name }) => [...REFUSED_WHEN_PENDING, 'PutKeyPolicy'].includes(name))
const changing = WRITING.filter(({ name }) => REFUSED_WHEN_PENDING.includes(name))

/** The refusal, after which nothing is there but what the interruption did. */
async function expectOnlyInterruption(
  scene: Scene,
  attempt: Promise<unknown>,
  interrupted: () => unknown,
  refusal: { readonly code: string; readonly message: string },
): Promise<void> {
  const error: unknown = await attempt.catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(KmsError)
  expect(error).toMatchObject(refusal)
  expect(await readEverything(scene.store)).toEqual(interrupted())
}

test.each(changing)('$name does nothing to a key that is scheduled for deletion meanwhile', async ({ name, input }) => {
  const scene = await setScene()
  const { kms, key, store, interrupt } = scene
  let after: unknown
  interrupt(async () => {
    await kms.scheduleKeyDeletion({ KeyId: key.keyId })
    after = await readEverything(store)
  })
  const refusal = { code: 'KMSInvalidStateException', message: `${key.arn} is pending deletion.` }
  const attempt = call(kms, name, input(key.keyId, scene.surroundings))
  await expectOnlyInterruption(scene, attempt, () => after, refusal)
})

test.each(WRITING)('$name does nothing to a key that is destroyed meanwhile', async ({ name, input }) => {
  const scene = await setScene()
  const { kms, key, clock, store, interrupt } = scene
  let after: unknown
  interrupt(async () => {
    await kms.scheduleKeyDeletion({ KeyId: key.keyId })
    clock.advanceDays(30)
    await kms.listKeys()
    after = await readEverything(store)
  })
  const refusal = { code: 'NotFoundException', message: `Key '${key.arn}' does not exist` }
  const attempt = call(kms, name, input(key.keyId, scene.surroundings))
  await expectOnlyInterruption(scene, attempt, () => after, refusal)
})

test.each(['EnableKeyRotation', 'DisableKeyRotation', 'RotateKeyOnDemand'] as const)(
  '%s does nothing to a key that is disabled meanwhile',
  async (name) => {
    const scene = await setScene()
    const { kms, key, store, interrupt } = scene
    let after: unknown
    interrupt(async () => {
      await kms.disableKey({ KeyId: key.keyId })
      after = await readEverything(store)
    })
    const refusal = { code: 'DisabledException', message: `${key.arn} is disabled.` }
    await expectOnlyInterruption(scene, call(kms, name, { KeyId: key.keyId }), () => after, refusal)
  },
)

test('CancelKeyDeletion of a key whose deletion is cancelled meanwhile', async () => {
  const scene = await setScene()
  const { kms, key, store, interrupt } = scene
  await kms.scheduleKeyDeletion({ KeyId: key.keyId })
  let after: unknown
  interrupt(async () => {
    await kms.cancelKeyDeletion({ KeyId: key.keyId })
    after = await readEverything(store)
  })
  const refusal = { code: 'KMSInvalidStateException', message: `${key.arn} is not pending deletion.` }
  await expectOnlyInterruption(scene, kms.cancelKeyDeletion({ KeyId: key.keyId }), () => after, refusal)
})

test('an alias whose name is taken or goes meanwhile', async () => {
  const scene = await setScene()
  const { kms, key, surroundings, store, interrupt } = scene
  const taken = { AliasName: surroundings.freeAlias, TargetKeyId: surroundings.otherKeyId }
  let after: unknown
  interrupt(async () => {
    await kms.createAlias(taken)
    after = await readEverything(store)
  })
  const arnOf = (alias: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:${alias}`
  const exists = {
    code: 'AlreadyExistsException',
    message: `An alias with the name ${arnOf(surroundings.freeAlias)} already exists`,
  }
  const creating = kms.createAlias({ AliasName: surroundings.freeAlias, TargetKeyId: key.keyId })
  await expectOnlyInterruption(scene, creating, () => after, exists)

  interrupt(async () => {
    await kms.deleteAlias({ AliasName: surroundings.otherAlias })
    after = await readEverything(store)
  })
  const gone = { code: 'NotFoundException', message: `Alias ${arnOf(surroundings.otherAlias)} is not found.` }
  const updating = kms.updateAlias({ AliasName: surroundings.otherAlias, TargetKeyId: key.keyId })
  await expectOnlyInterruption(scene, updating, () => after, gone)

  interrupt(async () => {
    await kms.updateAlias({ AliasName: surroundings.freeAlias, TargetKeyId: key.keyId })
  })
  await expect(kms.deleteAlias({ AliasName: surroundings.freeAlias })).resolves.toStrictEqual({})
  await expect(kms.listAliases()).resolves.toMatchObject({ Aliases: [] })
})

test('changes of two kinds to one key are both there', async () => {
  const { kms, key, interrupt } = await setScene()
  const KeyId = key.keyId
  interrupt(async () => kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }))
  await kms.updateKeyDescription({ KeyId, Description: 'described' })
  interrupt(async () => kms.rotateKeyOnDemand({ KeyId }))
  const Policy = openPolicy(ACCOUNT)
  await kms.putKeyPolicy({ KeyId, Policy })
  const { KeyMetadata } = await kms.describeKey({ KeyId })
  expect(KeyMetadata?.Description).toBe('described')
  await expect(kms.listResourceTags({ KeyId })).resolves.toMatchObject({ Tags: [{ TagKey: 'a', TagValue: 'b' }] })
  await expect(kms.getKeyPolicy({ KeyId })).resolves.toMatchObject({ Policy })
  expect((await kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1)
})
