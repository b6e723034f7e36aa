/**
 * Each typed method takes what the AWS SDK's command takes and gives what it gives, for every operation that is there.
 *
 * That is proved when this file compiles; running it only proves that the methods are really there.
 */
import type * as Sdk from '@aws-sdk/client-kms'
import { type ImplementedOperation, OPERATIONS } from '@softkms/kms'
import { type Kms, createKms } from 'softkms'
import { expect, test } from 'vitest'

type Expect<Claim extends true> = Claim
type IsAssignable<From, To> = [From] extends [To] ? true : false

type SdkCommand<Name extends ImplementedOperation> = InstanceType<(typeof Sdk)[`${Name}Command`]>
type SdkInput<Name extends ImplementedOperation> = SdkCommand<Name>['input']
type SdkOutput<Name extends ImplementedOperation> = Omit<
  Awaited<ReturnType<ReturnType<SdkCommand<Name>['resolveMiddleware']>>>['output'],
  '$metadata'
>

type Method<Name extends ImplementedOperation> = Kms[Uncapitalize<Name>]

/** The operations whose method refuses the SDK's input; the error message names them. */
type InputsRefused = {
  [Name in ImplementedOperation]: IsAssignable<[SdkInput<Name>], Parameters<Method<Name>>> extends true ? never : Name
}[ImplementedOperation]

type OutputsRefused = {
  [Name in ImplementedOperation]: IsAssignable<Awaited<ReturnType<Method<Name>>>, SdkOutput<Name>> extends true
    ? never
    : Name
}[ImplementedOperation]

/** The operations that may be called with nothing at all. */
type CallableBare = {
  [Name in ImplementedOperation]: IsAssignable<[], Parameters<Method<Name>>> extends true ? Name : never
}[ImplementedOperation]

type KnownBare =
  | 'CreateKey'
  | 'Decrypt'
  | 'DescribeCustomKeyStores'
  | 'GenerateRandom'
  | 'ListAliases'
  | 'ListKeys'
  | 'ListRetirableGrants'
  | 'RetireGrant'

export type Claims = [
  Expect<IsAssignable<InputsRefused, never>>,
  Expect<IsAssignable<OutputsRefused, never>>,
  Expect<IsAssignable<CallableBare, KnownBare>>,
  Expect<IsAssignable<KnownBare, CallableBare>>,
  // Without these, `never` or `any` would pass for all of the above.
  Expect<IsAssignable<'Encrypt', ImplementedOperation>>,
  Expect<IsAssignable<IsAssignable<'createVault', keyof Kms>, false>>,
  Expect<IsAssignable<[SdkInput<'Encrypt'>], Parameters<Kms['encrypt']>>>,
  Expect<IsAssignable<IsAssignable<[SdkInput<'Encrypt'>], Parameters<Kms['tagResource']>>, false>>,
  Expect<IsAssignable<IsAssignable<Awaited<ReturnType<Kms['encrypt']>>, SdkOutput<'DescribeKey'>>, false>>,
]

/** Never called: each line says what the compiler must refuse. */
export async function misuse(kms: Kms): Promise<void> {
  // @ts-expect-error -- a required member is missing
  await kms.encrypt({ KeyId: 'x' })
  // @ts-expect-error -- a required request is missing
  await kms.describeKey()
  // @ts-expect-error -- not a member
  await kms.listKeys({ Limits: 1 })
  // @ts-expect-error -- not bytes
  await kms.encrypt({ KeyId: 'x', Plaintext: 'text' })
  // @ts-expect-error -- not one of AWS's values
  await kms.generateDataKey({ KeyId: 'x', KeySpec: 'AES_192' })
  // @ts-expect-error -- an answer without that member
  void (await kms.encrypt({ KeyId: 'x', Plaintext: new Uint8Array(1) })).KeyMaterialId
  // @ts-expect-error -- not a signal
  await kms.listKeys({}, { signal: true })
}

test('every method is there', async () => {
  const kms = await createKms()
  const names = (Object.keys(OPERATIONS) as ImplementedOperation[]).map(
    (name) => `${name.charAt(0).toLowerCase()}${name.slice(1)}` as Uncapitalize<ImplementedOperation>,
  )
  expect(names).toHaveLength(56)
  expect(names.filter((name) => typeof kms[name] !== 'function')).toEqual([])
})
