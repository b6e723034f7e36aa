/**
 * Many accounts and Regions in one engine: nobody sees or changes what is another's, whatever names it knows.
 */
import { OPERATIONS, type Scope, type Store } from '@softkms/kms'
import * as fc from 'fast-check'
import type { Kms } from 'softkms'
import { expect, test } from 'vitest'
import {
  ACCOUNT,
  type KmsFixture,
  OTHER_ACCOUNT,
  OTHER_REGION,
  REGION,
  bytesOf,
  call,
  createKey,
  startKms,
} from '../support/kms-fixture.ts'
import { openPolicy } from '../support/policies.ts'
import { runs } from '../support/runs.ts'

type Operation = keyof typeof OPERATIONS

interface Victim {
  readonly names: readonly string[]
  readonly aliases: readonly string[]
  readonly blobs: readonly Uint8Array[]
  /** Texts that only somebody who sees the victim's records could know. */
  readonly secrets: readonly string[]
  readonly scope: Scope
}

/** Somebody with keys in every state, aliases, tags, a policy, rotations and ciphertext. */
async function createVictim(kms: Kms): Promise<Victim> {
  const enabled = await createKey(kms)
  const disabled = await createKey(kms)
  const pending = await createKey(kms)
  const blobs: Uint8Array[] = []
  for (const { keyId: KeyId } of [enabled, disabled, pending]) {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytesOf('victim plaintext') })
    blobs.push(CiphertextBlob ?? new Uint8Array(0))
    await kms.createAlias({ AliasName: `alias/victim/${KeyId}`, TargetKeyId: KeyId })
    await kms.tagResource({ KeyId, Tags: [{ TagKey: 'victim tag', TagValue: 'victim value' }] })
    await kms.updateKeyDescription({ KeyId, Description: 'victim description' })
    await kms.putKeyPolicy({ KeyId, Policy: openPolicy(ACCOUNT, 'victim policy') })
  }
  await kms.rotateKeyOnDemand({ KeyId: enabled.keyId })
  await kms.disableKey({ KeyId: disabled.keyId })
  await kms.scheduleKeyDeletion({ KeyId: pending.keyId })
  const keys = [enabled, disabled, pending]
  const aliases = keys.map(({ keyId }) => `alias/victim/${keyId}`)
  const arnOf = (name: string): string => enabled.arn.replace(/key\/.*$/u, name)
  return {
    names: [...keys.flatMap(({ keyId, arn }) => [keyId, arn]), ...aliases, ...aliases.map(arnOf)],
    aliases,
    blobs,
    secrets: ['victim plaintext', 'victim tag', 'victim value', 'victim description', 'victim policy'],
    scope: kms.defaults,
  }
}

async function readScope(store: Store, scope: Scope): Promise<unknown> {
  const keys = await store.listKeys(scope, { limit: 10_000 })
  const aliases = await store.listAliases(scope, { limit: 10_000 })
  return structuredClone([keys, aliases])
}

/** Any request that names what is the victim's wherever it can, or what is the attacker's own. */
function arbitraryRequest({ names, aliases, blobs }: Victim, own: { keyId: string; blob: Uint8Array }) {
  const name = fc.constantFrom(...names, own.keyId)
  const blob = fc.constantFrom(...blobs, own.blob)
  const alias = fc.constantFrom(...aliases, 'alias/own', 'alias/new')
  const member: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    KeyId: name,
    SourceKeyId: name,
    DestinationKeyId: name,
    TargetKeyId: name,
    AliasName: alias,
    CiphertextBlob: blob,
    Plaintext: fc.constant(bytesOf('x')),
    NumberOfBytes: fc.constant(8),
    Description: fc.constant('changed'),
    Policy: fc.constant(openPolicy([ACCOUNT, OTHER_ACCOUNT], 'changed')),
    Tags: fc.constant([{ TagKey: 'changed', TagValue: '' }]),
    TagKeys: fc.constant(['victim tag']),
  }
  const optional = new Set(['KeyId', 'SourceKeyId'])
  const requestOf = (operation: Operation): fc.Arbitrary<object> => {
    const wanted = MEMBERS[operation] ?? ['KeyId']
    const requiredKeys = wanted.filter((key) => !optional.has(key) || !OPTIONAL_KEY.includes(operation))
    return fc.record(Object.fromEntries(wanted.map((key) => [key, member[key] ?? fc.constant(undefined)])), {
      requiredKeys,
    })
  }
  return fc
    .constantFrom(...(Object.keys(OPERATIONS) as Operation[]))
    .chain((operation) => requestOf(operation).map((input) => ({ operation, input })))
}

/** Members of the operations that have others than KeyId. */
const MEMBERS: Partial<Record<Operation, readonly string[]>> = {
  CreateAlias: ['AliasName', 'TargetKeyId'],
  CreateKey: ['Description'],
  Decrypt: ['CiphertextBlob', 'KeyId'],
  DeleteAlias: ['AliasName'],
  Encrypt: ['KeyId', 'Plaintext'],
  GenerateDataKey: ['KeyId', 'NumberOfBytes'],
  GenerateDataKeyWithoutPlaintext: ['KeyId', 'NumberOfBytes'],
  GenerateRandom: ['NumberOfBytes'],
  ListKeys: [],
  PutKeyPolicy: ['KeyId', 'Policy'],
  ReEncrypt: ['CiphertextBlob', 'SourceKeyId', 'DestinationKeyId'],
  TagResource: ['KeyId', 'Tags'],
  UntagResource: ['KeyId', 'TagKeys'],
  UpdateAlias: ['AliasName', 'TargetKeyId'],
  UpdateKeyDescription: ['KeyId', 'Description'],
}

const OPTIONAL_KEY: readonly Operation[] = ['Decrypt', 'ListAliases', 'ReEncrypt']

async function openScene(attackerOf: (kms: Kms) => Kms): Promise<{
  readonly fixture: KmsFixture
  readonly victim: Victim
  readonly attacker: Kms
  readonly own: { readonly keyId: string; readonly blob: Uint8Array }
}> {
  const fixture = await startKms()
  const victim = await createVictim(fixture.kms)
  const attacker = attackerOf(fixture.kms)
  const { keyId } = await createKey(attacker)
  await attacker.createAlias({ AliasName: 'alias/own', TargetKeyId: keyId })
  const { CiphertextBlob: blob = new Uint8Array(0) } = await attacker.encrypt({ KeyId: keyId, Plaintext: bytesOf('x') })
  return { fixture, victim, attacker, own: { keyId, blob } }
}

test.each([
  ['another account', (kms: Kms) => kms.as(OTHER_ACCOUNT)],
  ['a principal of another account', (kms: Kms) => kms.as(`arn:aws:iam::${OTHER_ACCOUNT}:user/${ACCOUNT}`)],
  ['another Region', (kms: Kms) => kms.inRegion(OTHER_REGION)],
  ['another account and Region', (kms: Kms) => kms.as(OTHER_ACCOUNT).inRegion(OTHER_REGION)],
])('%s sees nothing and changes nothing', { timeout: runs(30_000, 300_000) }, async (_who, attackerOf) => {
  const { fixture, victim, attacker, own } = await openScene(attackerOf)
  const before = await readScope(fixture.store, victim.scope)
  const ids = victim.names.map((name) => /[0-9a-f-]{36}/u.exec(name)?.[0] ?? name)
  let succeeded = 0
  await fc.assert(
    fc.asyncProperty(arbitraryRequest(victim, own), async ({ operation, input }) => {
      const answer = await call(attacker, operation, input).catch((error: unknown) => error as Error)
      if (!(answer instanceof Error)) {
        succeeded += 1
        const text = JSON.stringify(answer)
        for (const secret of [...victim.secrets, ...ids]) {
          // An own alias may have been given any name, the victim's too.
          if (operation !== 'ListAliases') expect(text).not.toContain(secret)
        }
        expect(text).not.toContain(`${REGION}:${ACCOUNT}`)
      } else {
        for (const secret of victim.secrets) expect(answer.message).not.toContain(secret)
      }
      expect(await readScope(fixture.store, victim.scope)).toEqual(before)
    }),
    { numRuns: runs(300, 10_000) },
  )
  // The attacker's own affairs go on meanwhile, so the property is not an empty one.
  expect(succeeded).toBeGreaterThan(10)
})

test('the victim sees nothing of the others either', async () => {
  const { fixture, attacker, own } = await openScene((kms) => kms.as(OTHER_ACCOUNT))
  const { kms } = fixture
  expect(JSON.stringify(await kms.listKeys())).not.toContain(own.keyId)
  expect(JSON.stringify(await kms.listAliases())).not.toContain('alias/own')
  await expect(kms.decrypt({ CiphertextBlob: own.blob })).rejects.toMatchObject({ code: 'AccessDeniedException' })
  expect((await attacker.listKeys()).Keys?.map(({ KeyId }) => KeyId)).toEqual([own.keyId])
})

test('a caller is one of its account, whatever its principal', async () => {
  const { kms } = await startKms()
  const { keyId: KeyId } = await createKey(kms)
  for (const principal of [ACCOUNT, `arn:aws:iam::${ACCOUNT}:user/a/b`, `arn:aws:sts::${ACCOUNT}:assumed-role/r/s`]) {
    const caller = kms.as(principal)
    expect(caller.defaults).toMatchObject({ account: ACCOUNT, region: REGION })
    await expect(caller.describeKey({ KeyId })).resolves.toMatchObject({ KeyMetadata: { KeyId } })
    // The Region stays, and so does the principal.
    await expect(caller.inRegion(OTHER_REGION).inRegion(REGION).describeKey({ KeyId })).resolves.toBeDefined()
  }
})

test('several engines in one process share nothing', async () => {
  const one = await startKms()
  const two = await startKms()
  const { keyId: KeyId } = await createKey(one.kms)
  const { CiphertextBlob } = await one.kms.encrypt({ KeyId, Plaintext: bytesOf('x') })
  await expect(two.kms.listKeys()).resolves.toMatchObject({ Keys: [] })
  await expect(two.kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ code: 'InvalidCiphertextException' })
})
