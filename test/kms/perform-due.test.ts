/** `performDue`: what has fallen due is done without a request, and nothing else is. */
import { createMemoryStore } from '@softkms/kms'
import { KmsError, createKms, virtualClock } from 'softkms'
import { describe, expect, it } from 'vitest'
import { createKey, days, readEverything, REGION, startKms } from '../support/kms-fixture.ts'
import { wrapMaterial } from '../support/wrap-material.ts'

describe('performDue', () => {
  it('destroys the material of a key whose waiting period is over', async () => {
    const { kms, store, clock } = await startKms()
    const { keyId } = await createKey(kms)
    const { KeyMetadata } = await kms.describeKey({ KeyId: keyId })
    const materialId = KeyMetadata?.CurrentKeyMaterialId ?? ''
    await kms.scheduleKeyDeletion({ KeyId: keyId, PendingWindowInDays: 7 })

    clock.advance(days(7) - 1)
    await kms.performDue()
    expect(await store.getMaterial(REGION, materialId)).toBeDefined()
    clock.advance(1)
    await kms.performDue()
    expect(await store.getMaterial(REGION, materialId)).toBeUndefined()
  })

  it('makes up for ten years in one step, each rotation at its time', async () => {
    const { kms, clock } = await startKms()
    const { keyId } = await createKey(kms)
    const start = clock.now()
    await kms.enableKeyRotation({ KeyId: keyId, RotationPeriodInDays: 90 })
    clock.advance('10y')
    await kms.performDue()
    const { Rotations = [] } = await kms.listKeyRotations({ KeyId: keyId, Limit: 1000 })
    expect(Rotations.map(({ RotationDate }) => RotationDate?.getTime())).toEqual(
      Array.from({ length: Math.floor(3650 / 90) }, (_none, index) => start + days(90 * (index + 1))),
    )
  })

  it('goes by the dates, whatever falls due and whichever key it is of', async () => {
    const memory = createMemoryStore()
    const changed: string[] = []
    const store: typeof memory = {
      ...memory,
      async commit(changes) {
        for (const change of changes) {
          if (change.type === 'PutKey' || change.type === 'DeleteKey') changed.push(change.key.keyId)
        }
        return memory.commit(changes)
      },
    }
    const clock = virtualClock()
    const kms = await createKms({ clock, store })
    const imported = (await kms.createKey({ Origin: 'EXTERNAL' })).KeyMetadata?.KeyId ?? ''
    const [slow, fast, doomed] = await Promise.all([createKey(kms), createKey(kms), createKey(kms)])
    await kms.enableKeyRotation({ KeyId: slow.keyId, RotationPeriodInDays: 100 })
    await kms.enableKeyRotation({ KeyId: fast.keyId, RotationPeriodInDays: 90 })
    await kms.scheduleKeyDeletion({ KeyId: doomed.keyId, PendingWindowInDays: 30 })
    await kms.importKeyMaterial({
      ...(await wrapMaterial(kms, imported, new Uint8Array(32).fill(7))),
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date(clock.now() + days(95)),
    })

    changed.length = 0
    clock.advance('200d')
    await kms.performDue()
    expect(changed).toEqual([doomed.keyId, fast.keyId, imported, slow.keyId, fast.keyId, slow.keyId])
    expect((await kms.describeKey({ KeyId: imported })).KeyMetadata?.KeyState).toBe('PendingImport')
  })

  it('changes nothing while nothing is due', async () => {
    const { kms, store, clock } = await startKms()
    const { keyId } = await createKey(kms)
    await kms.enableKeyRotation({ KeyId: keyId })
    await kms.scheduleKeyDeletion({ KeyId: (await createKey(kms)).keyId })
    clock.advance(days(30) - 1)
    const before = await readEverything(store)
    await kms.performDue()
    expect(await readEverything(store)).toEqual(before)
  })

  it('is done once by many that ask at the same time, and by every client of one KMS', async () => {
    const { kms, clock } = await startKms()
    const { keyId } = await createKey(kms)
    await kms.enableKeyRotation({ KeyId: keyId })
    clock.advance('3y')
    await Promise.all([kms.performDue(), kms.as('999999999999').performDue(), kms.inRegion('us-west-2').performDue()])
    expect((await kms.listKeyRotations({ KeyId: keyId })).Rotations).toHaveLength(3)
  })

  it('says what failed as the engine does, and leaves it due', async () => {
    const memory = createMemoryStore()
    const fault = new Error('the disk is full')
    let isBroken = false
    const clock = virtualClock()
    const store: typeof memory = {
      ...memory,
      commit: async (changes) => {
        if (isBroken) throw fault
        return memory.commit(changes)
      },
    }
    const kms = await createKms({ clock, store })
    const { keyId } = await createKey(kms)
    await kms.enableKeyRotation({ KeyId: keyId })
    clock.advance('1y')

    isBroken = true
    const error: unknown = await kms.performDue().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(KmsError)
    expect(error).toMatchObject({ code: 'KMSInternalException', message: '', cause: fault })
    isBroken = false
    await kms.performDue()
    expect((await kms.listKeyRotations({ KeyId: keyId })).Rotations).toHaveLength(1)
  })
})
