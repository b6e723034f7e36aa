/**
 * A KMS with services before it: a role that has no permission on keys, one that has all, and what each action of a
 * service's row comes to as a real request.
 */
import { type AwsService, type MemoryIdentityPolicies, createIdentityPolicies } from '@softkms/kms'
import type { CreateKmsOptions, Kms, ServiceKms, ServiceOptions } from 'softkms'
import { ACCOUNT, type KmsFixture, REGION, bytesOf, startKms } from '../kms-fixture.ts'
import { allow, createKeyWith, policyOf } from '../policy-scene.ts'

/** May do nothing. */
export const GUEST = `arn:aws:iam::${ACCOUNT}:role/guest`
/** May do everything to keys, as far as these leave it to IAM. */
export const KEEPER = `arn:aws:iam::${ACCOUNT}:role/keeper`

export interface ServiceScene extends KmsFixture {
  readonly iam: MemoryIdentityPolicies
}

export async function startServices(options: CreateKmsOptions = {}): Promise<ServiceScene> {
  const iam = createIdentityPolicies()
  iam.set(GUEST, { identity: [] })
  iam.set(KEEPER, { identity: [policyOf(allow())] })
  return { ...(await startKms({ identityPolicies: iam, ...options })), iam }
}

export function principalOf({ code }: AwsService): string {
  return `${code}.amazonaws.com`
}

/** The service on behalf of somebody. */
export function forwarded(kms: Kms, service: AwsService, onBehalfOf: string): ServiceKms {
  return kms.asService(principalOf(service), { onBehalfOf })
}

/** The service as itself, for a resource of the account. */
export function itself(kms: Kms, service: AwsService, options: ServiceOptions = {}): ServiceKms {
  return kms.asService(principalOf(service), { sourceArn: resourceOf(service), sourceAccount: ACCOUNT, ...options })
}

export function resourceOf({ code }: AwsService): string {
  return `arn:aws:${code}:${REGION}:${ACCOUNT}:thing/one`
}

/** The encryption context that the service sends, one value for each of its keys. */
export function contextOf({ contextKeys }: AwsService): Record<string, string> {
  return Object.fromEntries(contextKeys.map((key) => [key, `the ${key}`]))
}

/** The account's IAM decides. */
export const delegating = allow({ Principal: { AWS: ACCOUNT } })

/** Beside it, a statement for the service, for exactly what its row has. */
export async function createKeyFor(kms: Kms, service: AwsService, rest: object = {}): Promise<string> {
  const statement = allow({
    Principal: { Service: principalOf(service) },
    Action: [...service.actions].map((action) => `kms:${action}`),
    ...rest,
  })
  return createKeyWith(kms, policyOf(delegating, statement))
}

/** A ciphertext of the service's under a key, made by a caller that may. */
export async function sealFor(kms: Kms, service: AwsService, KeyId: string): Promise<Uint8Array> {
  const EncryptionContext = contextOf(service)
  const { CiphertextBlob } = await kms.as(KEEPER).encrypt({ KeyId, Plaintext: bytesOf('x'), EncryptionContext })
  return CiphertextBlob ?? new Uint8Array(0)
}

type Use = (kms: Kms, KeyId: string, EncryptionContext: Record<string, string>, blob: Uint8Array) => Promise<object>

const reEncrypt: Use = (kms, DestinationKeyId, context, CiphertextBlob) =>
  kms.reEncrypt({
    CiphertextBlob,
    DestinationKeyId,
    SourceEncryptionContext: context,
    DestinationEncryptionContext: context,
  })

/** The name of the only action that key policies have no say in. */
export const BY_GRANT_ALONE = 'RetireGrant'

/** Of the other actions of rows, the request that asks for each. */
export const USES: Readonly<Record<string, Use>> = {
  CreateGrant: (kms, KeyId, context) =>
    kms.createGrant({
      KeyId,
      GranteePrincipal: KEEPER,
      Operations: ['Decrypt', 'GenerateDataKey'],
      Constraints: { EncryptionContextSubset: context },
    }),
  Decrypt: (kms, _key, EncryptionContext, CiphertextBlob) => kms.decrypt({ CiphertextBlob, EncryptionContext }),
  DescribeKey: (kms, KeyId) => kms.describeKey({ KeyId }),
  Encrypt: (kms, KeyId, EncryptionContext) => kms.encrypt({ KeyId, Plaintext: bytesOf('x'), EncryptionContext }),
  GenerateDataKey: (kms, KeyId, EncryptionContext) =>
    kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
  GenerateDataKeyWithoutPlaintext: (kms, KeyId, EncryptionContext) =>
    kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
  ReEncryptFrom: reEncrypt,
  ReEncryptTo: reEncrypt,
}
