/** Recorded messages of creating keys, aliases, tags, grants and policies. @spec wire §4 */
import { ACCOUNT } from '../../support/kms-fixture.ts'
import type { Recorded } from './row.ts'
import { arnOf, createKeyOf } from './scene.ts'

const GRANTEE = `arn:aws:iam::${ACCOUNT}:user/grantee`

/** A policy that lets `principal` do everything. */
function policyFor(principal: object | string, Action = 'kms:*'): string {
  const statement = { Effect: 'Allow', Principal: principal, Action, Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}

const RESERVED = 'Tags beginning with aws: are reserved'

export const MANAGEMENT_MESSAGES: readonly Recorded[] = [
  ...['aws:x', 'AWS:x', 'aWs:x'].map((TagKey): Recorded => ({
    name: 'TagException',
    when: `a tag key of AWS: ${TagKey}`,
    text: RESERVED,
    attempt: ({ kms, key }) => kms.tagResource({ KeyId: key.KeyId, Tags: [{ TagKey, TagValue: '' }] }),
  })),
  {
    name: 'TagException',
    when: 'a tag key twice',
    text: 'Duplicate tag keys',
    attempt: ({ kms }) =>
      kms.createKey({
        Tags: [
          { TagKey: 'a', TagValue: '1' },
          { TagKey: 'a', TagValue: '2' },
        ],
      }),
  },
  {
    name: 'TagException',
    when: 'tags beyond 50',
    text: 'Too many tags',
    attempt: ({ kms, key }) =>
      kms.tagResource({
        KeyId: key.KeyId,
        Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: String(i), TagValue: '' })),
      }),
  },
  {
    name: 'ValidationException',
    when: 'a key spec without a usage',
    text: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    attempt: ({ kms }) => kms.createKey({ KeySpec: 'RSA_2048' }),
  },
  {
    name: 'ValidationException',
    when: 'a usage that the key spec cannot have',
    text: 'KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT',
    attempt: ({ kms }) => kms.createKey({ KeyUsage: 'SIGN_VERIFY' }),
  },
  {
    name: 'ValidationException',
    when: 'both members for a key spec',
    text: 'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    attempt: ({ kms }) => kms.createKey({ KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' }),
  },
  {
    name: 'ValidationException',
    when: 'an alias without its prefix',
    text: 'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    attempt: ({ kms, key }) => kms.createAlias({ AliasName: 'orders', TargetKeyId: key.KeyId }),
  },
  {
    name: 'AlreadyExistsException',
    when: 'an alias that is taken',
    text: `An alias with the name ${arnOf('alias/taken')} already exists`,
    attempt: ({ kms, other }) => kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: other.KeyId }),
  },
  {
    name: 'ValidationException',
    when: 'an alias that is to point to an alias',
    text: 'Aliases must refer to keys. Not aliases',
    attempt: ({ kms }) => kms.createAlias({ AliasName: 'alias/new', TargetKeyId: 'alias/taken' }),
  },
  {
    name: 'InvalidAliasNameException',
    when: 'an alias with a colon',
    text: 'alias/a:b contains invalid characters for an alias',
    attempt: ({ kms, key }) => kms.createAlias({ AliasName: 'alias/a:b', TargetKeyId: key.KeyId }),
  },
  {
    name: 'ValidationException',
    when: 'an alias that is re-pointed to a key of another type',
    text: `Alias ${arnOf('alias/taken')} cannot be changed from a CMK with key type SYMMETRIC to a CMK with key type ASYMMETRIC`,
    attempt: ({ kms, signing }) => kms.updateAlias({ AliasName: 'alias/taken', TargetKeyId: signing.KeyId }),
  },
  {
    name: 'ValidationException',
    when: 'an alias that is re-pointed to a key for something else',
    text: `Alias ${arnOf('alias/signs')} cannot be changed from a CMK with key usage SIGN_VERIFY to a CMK with key usage KEY_AGREEMENT`,
    async attempt({ kms, signing }) {
      await kms.createAlias({ AliasName: 'alias/signs', TargetKeyId: signing.KeyId })
      const { KeyId } = await createKeyOf(kms, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' })
      return kms.updateAlias({ AliasName: 'alias/signs', TargetKeyId: KeyId })
    },
  },
  {
    name: 'NotAuthorizedException',
    when: 'CreateAlias with a name of AWS',
    attempt: ({ kms, key }) => kms.createAlias({ AliasName: 'alias/aws/s3', TargetKeyId: key.KeyId }),
  },
  {
    name: 'NotAuthorizedException',
    when: 'UpdateAlias with a name of AWS',
    attempt: ({ kms, key }) => kms.updateAlias({ AliasName: 'alias/aws/s3', TargetKeyId: key.KeyId }),
  },
  {
    name: 'NotAuthorizedException',
    when: 'DeleteAlias with a name of AWS',
    attempt: ({ kms }) => kms.deleteAlias({ AliasName: 'alias/aws/s3' }),
  },
  {
    name: 'ValidationException',
    when: 'a grant to make grants and nothing else',
    text: 'Grants must not contain only the CreateGrant operation.',
    attempt: ({ kms, key }) =>
      kms.createGrant({ KeyId: key.KeyId, GranteePrincipal: GRANTEE, Operations: ['CreateGrant'] }),
  },
  {
    name: 'NotFoundException',
    when: 'a grant that nobody made',
    text: `Grant ID ${'0'.repeat(64)} not found`,
    attempt: ({ kms, key }) => kms.revokeGrant({ KeyId: key.KeyId, GrantId: '0'.repeat(64) }),
  },
  {
    name: 'MalformedPolicyDocumentException',
    when: 'a policy that locks its author out',
    text: 'The new key policy will not allow you to update the key policy in the future.',
    attempt: ({ kms, key }) =>
      kms.putKeyPolicy({ KeyId: key.KeyId, Policy: policyFor({ AWS: GRANTEE }, 'kms:Encrypt') }),
  },
  {
    name: 'MalformedPolicyDocumentException',
    when: 'a policy for a principal that cannot be',
    text: 'Policy contains a statement with one or more invalid principals.',
    attempt: ({ kms, key }) => kms.putKeyPolicy({ KeyId: key.KeyId, Policy: policyFor({ AWS: 'nobody' }) }),
  },
  {
    name: 'NotFoundException',
    when: 'a policy name other than default',
    text: 'No such policy exists',
    attempt: ({ kms, key }) => kms.getKeyPolicy({ KeyId: key.KeyId, PolicyName: 'mine' }),
  },
]
