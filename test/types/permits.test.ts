/**
 * What the engine's types forbid: permits that nobody granted, names that nobody parsed, tokens that no HSM made.
 *
 * That is proved when this file compiles: every `@ts-expect-error` stands before a line that the compiler refuses.
 */
import { type AliasName, type KeyId, type MaterialRecord, OPERATIONS, type Store } from '@softkms/kms'
import { expect, test } from 'vitest'

type Operations = typeof OPERATIONS
type PermitOf<Name extends keyof Operations> = Parameters<Operations[Name]['perform']>[0]
type ContextOf<Name extends keyof Operations> = Parameters<Operations[Name]['perform']>[2]

/** Never called. */
export async function forge(
  decrypt: PermitOf<'Decrypt'>,
  describe: PermitOf<'DescribeKey'>,
  context: ContextOf<'Decrypt'>,
): Promise<void> {
  const CiphertextBlob = new Uint8Array(1)
  await OPERATIONS.Decrypt.perform(decrypt, { CiphertextBlob }, context)
  // @ts-expect-error -- a permit is not made of its targets
  await OPERATIONS.Decrypt.perform({ targets: decrypt.targets }, { CiphertextBlob }, context)
  // oxlint-disable-next-line typescript/no-misused-spread -- that it loses something is the point
  const copy = { ...describe, targets: decrypt.targets }
  // @ts-expect-error -- nor of another permit with other targets
  await OPERATIONS.DescribeKey.perform(copy, { KeyId: 'x' }, context)
  // @ts-expect-error -- leave to describe a key is no leave to disable it
  await OPERATIONS.DisableKey.perform(describe, { KeyId: 'x' }, context)
  // @ts-expect-error -- nor to decrypt
  await OPERATIONS.Decrypt.perform(describe, { CiphertextBlob }, context)
  // @ts-expect-error -- nothing is no permit
  await OPERATIONS.ListKeys.perform(undefined, {}, context)
  // @ts-expect-error -- a permit cannot be pointed at another key
  describe.targets.key = decrypt.targets.key
}

/** Never called. */
export async function mistake(store: Store, material: MaterialRecord): Promise<void> {
  const scope = { account: '111122223333', region: 'eu-west-1' }
  // @ts-expect-error -- text is no key id until it has been parsed
  await store.getKey(scope, '01234567-89ab-cdef-0123-456789abcdef')
  // @ts-expect-error -- nor an alias name
  await store.getAlias(scope, 'alias/a')
  // @ts-expect-error -- a key id is no alias name
  const alias: AliasName = '' as KeyId
  // @ts-expect-error -- bytes are no token: a store cannot be handed key material
  await store.commit([{ type: 'AddMaterial', material: { ...material, token: new Uint8Array(32) } }])
  // @ts-expect-error -- there is no such change
  await store.commit([{ type: 'DropTable' }])
  void alias
}

test('there is a handler behind each permit', () => {
  expect(Object.values(OPERATIONS).filter((operation) => typeof operation.perform !== 'function')).toEqual([])
})
