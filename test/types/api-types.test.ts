/**
 * The AWS SDK's inputs are requests of ours, and our responses are the SDK's outputs.
 *
 * That is proved when this file compiles. Names are taken from the SDK's command classes, so that no operation can be
 * forgotten on either side; running it only proves that the names are really there.
 */
import * as Sdk from '@aws-sdk/client-kms'
import {
  type CreateKeyRequest,
  type EncryptRequest,
  type EncryptResponse,
  type KeySpec,
  type OperationInputs,
  type OperationName,
  type OperationOutputs,
  type ValidInput,
  operationShapes,
} from '@softkms/kms'
import { expect, test } from 'vitest'

type Expect<Claim extends true> = Claim
type IsSame<Left, Right> = IsAssignable<Left, Right> extends true ? IsAssignable<Right, Left> : false
type IsAssignable<From, To> = [From] extends [To] ? true : false

/** The operations of the SDK, from `EncryptCommand` and its like; `$Command` is the base class. */
type SdkOperationName = {
  [Export in keyof typeof Sdk]: Export extends `${infer Name}Command` ? Exclude<Name, '$'> : never
}[keyof typeof Sdk]

type SdkCommand<Name extends OperationName> = InstanceType<(typeof Sdk)[`${Name}Command`]>
type SdkInput<Name extends OperationName> = SdkCommand<Name>['input']
type SdkOutput<Name extends OperationName> = Omit<
  Awaited<ReturnType<ReturnType<SdkCommand<Name>['resolveMiddleware']>>>['output'],
  '$metadata'
>

/** The operations for which a claim fails: the error message names them. */
type InputsRefused = {
  [Name in OperationName]: IsAssignable<SdkInput<Name>, OperationInputs[Name]> extends true ? never : Name
}[OperationName]
type OutputsRefused = {
  [Name in OperationName]: IsAssignable<OperationOutputs[Name], SdkOutput<Name>> extends true ? never : Name
}[OperationName]
type MembersDiffering = {
  [Name in OperationName]:
    | (IsSame<keyof SdkInput<Name>, keyof OperationInputs[Name]> extends true ? never : Name)
    | (IsSame<keyof SdkOutput<Name>, AnswerKeys<OperationOutputs[Name]>> extends true ? never : Name)
}[OperationName]
/** An empty answer is `Record<string, never>` here and `{}` in the SDK. */
type AnswerKeys<Answer> = string extends keyof Answer ? never : keyof Answer

export type Claims = [
  Expect<IsSame<OperationName, SdkOperationName>>,
  Expect<IsSame<InputsRefused, never>>,
  Expect<IsSame<OutputsRefused, never>>,
  Expect<IsSame<MembersDiffering, never>>,
  // The helpers see what they are meant to see: without these, `never` or `any` would pass for all of the above.
  Expect<IsSame<SdkInput<'Encrypt'>['Plaintext'], Uint8Array | undefined>>,
  Expect<IsSame<SdkOutput<'Encrypt'>['KeyId'], string | undefined>>,
  Expect<IsSame<IsAssignable<SdkInput<'Encrypt'>, OperationInputs['Sign']>, false>>,
  Expect<IsSame<IsAssignable<OperationOutputs['Encrypt'], SdkOutput<'DescribeKey'>['KeyMetadata']>, false>>,
  Expect<IsSame<OperationInputs['Encrypt'], EncryptRequest>>,
  Expect<IsSame<OperationOutputs['Encrypt'], EncryptResponse>>,
  Expect<IsSame<CreateKeyRequest['KeySpec'], KeySpec | undefined>>,
  // Past validation a required member is there, at every depth, and an optional one still may not be.
  Expect<IsSame<ValidInput<'Encrypt'>['KeyId'], string>>,
  Expect<IsSame<ValidInput<'Encrypt'>['Plaintext'], Uint8Array>>,
  Expect<IsSame<ValidInput<'Encrypt'>['GrantTokens'], readonly string[] | undefined>>,
  Expect<IsSame<ValidInput<'Encrypt'>['EncryptionContext'], { readonly [key: string]: string } | undefined>>,
  Expect<IsSame<ValidInput<'TagResource'>['Tags'][number]['TagKey'], string>>,
  Expect<IsSame<ValidInput<'ImportKeyMaterial'>['ValidTo'], Date | undefined>>,
]

test('the SDK has a command for each operation, and for nothing else', () => {
  const commands = Object.keys(Sdk).flatMap((name) => /^(\w+)Command$/u.exec(name)?.[1] ?? [])
  expect(commands.toSorted()).toEqual(Object.keys(operationShapes).toSorted())
})
