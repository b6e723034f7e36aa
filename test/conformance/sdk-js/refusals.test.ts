/**
 * Refusals as the AWS SDK for JavaScript sees them: the exception's class and name, HTTP status 400, the recorded
 * text or none, and the request's id.
 *
 * @covers wire §2, §3, §4
 */
import type { KMS } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { flipBit } from '../../support/bits.ts'
import { ACCOUNT, OTHER_ACCOUNT, OTHER_REGION, REGION, bytesOf } from '../../support/kms-fixture.ts'
import { expectRefusal } from './answers.ts'
import { DOORS, type Door } from './doors.ts'
import { type TestKey, createTestKey } from './keys.ts'

interface Scene {
  readonly kms: KMS
  /** The same door for another account. */
  readonly stranger: KMS
  readonly key: TestKey
  readonly other: TestKey
  readonly disabled: TestKey
  readonly dying: TestKey
  /** Rotated on demand as often as a key can be. */
  readonly worn: TestKey
  /** Sealed under `key`. */
  readonly blob: Uint8Array
}

interface Refusal {
  readonly when: string
  readonly name: string
  /** Left out when AWS sends none. */
  readonly message?: string | ((scene: Scene) => string)
  readonly attempt: (scene: Scene) => Promise<unknown>
}

const Plaintext = bytesOf('secret')
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000'
const MOST_ROTATIONS = 25
const STRANGER = `arn:aws:iam::${OTHER_ACCOUNT}:root`
const UNTOLD =
  'because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based ' +
  'policy explicitly denies access'

function arnOf(resource: string, region = REGION): string {
  return `arn:aws:kms:${region}:${ACCOUNT}:${resource}`
}

function validationError(path: string, rule: string, value?: string): string {
  const named = value === undefined ? 'Value' : `Value '${value}'`
  return `1 validation error detected: ${named} at '${path}' failed to satisfy constraint: Member must ${rule}`
}

const REFUSALS: readonly Refusal[] = [
  {
    when: 'a key id that nothing has',
    name: 'NotFoundException',
    message: `Key '${arnOf(`key/${UNKNOWN_ID}`)}' does not exist`,
    attempt: ({ kms }) => kms.describeKey({ KeyId: UNKNOWN_ID }),
  },
  {
    when: 'a key ARN that nothing has',
    name: 'NotFoundException',
    message: `Key '${arnOf(`key/${UNKNOWN_ID}`)}' does not exist`,
    attempt: ({ kms }) => kms.encrypt({ KeyId: arnOf(`key/${UNKNOWN_ID}`), Plaintext }),
  },
  {
    when: 'what is no key id',
    name: 'NotFoundException',
    message: "Invalid keyId 'my-key'",
    attempt: ({ kms }) => kms.encrypt({ KeyId: 'my-key', Plaintext }),
  },
  {
    when: 'the ARN of another Region',
    name: 'NotFoundException',
    message: `Invalid arn ${OTHER_REGION}`,
    attempt: ({ kms }) => kms.describeKey({ KeyId: arnOf(`key/${UNKNOWN_ID}`, OTHER_REGION) }),
  },
  {
    when: 'an alias that nothing has',
    name: 'NotFoundException',
    message: `Alias ${arnOf('alias/nobody')} is not found.`,
    attempt: ({ kms }) => kms.describeKey({ KeyId: 'alias/nobody' }),
  },
  {
    when: 'an alias where only a key is taken',
    name: 'InvalidArnException',
    message: 'Key Aliases are not supported for this operation.',
    attempt: ({ kms }) => kms.disableKey({ KeyId: 'alias/nobody' }),
  },
  {
    when: 'Encrypt under a disabled key',
    name: 'DisabledException',
    message: ({ disabled }) => `${disabled.arn} is disabled.`,
    attempt: ({ kms, disabled }) => kms.encrypt({ KeyId: disabled.KeyId, Plaintext }),
  },
  {
    when: 'GenerateDataKey under a key that is pending deletion',
    name: 'KMSInvalidStateException',
    message: ({ dying }) => `${dying.arn} is pending deletion.`,
    attempt: ({ kms, dying }) => kms.generateDataKey({ KeyId: dying.KeyId, KeySpec: 'AES_256' }),
  },
  {
    when: 'a second ScheduleKeyDeletion',
    name: 'KMSInvalidStateException',
    message: ({ dying }) => `${dying.arn} is pending deletion.`,
    attempt: ({ kms, dying }) => kms.scheduleKeyDeletion({ KeyId: dying.KeyId }),
  },
  {
    when: 'CancelKeyDeletion of a key that lives',
    name: 'KMSInvalidStateException',
    message: ({ key }) => `${key.arn} is not pending deletion.`,
    attempt: ({ kms, key }) => kms.cancelKeyDeletion({ KeyId: key.KeyId }),
  },
  {
    when: 'Decrypt with another key than sealed the blob',
    name: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    attempt: ({ kms, other, blob }) => kms.decrypt({ CiphertextBlob: blob, KeyId: other.KeyId }),
  },
  {
    when: 'Decrypt of what is no blob',
    name: 'InvalidCiphertextException',
    attempt: ({ kms }) => kms.decrypt({ CiphertextBlob: bytesOf('not a blob') }),
  },
  {
    when: 'Decrypt of a blob with one bit changed',
    name: 'InvalidCiphertextException',
    attempt: ({ kms, blob }) => kms.decrypt({ CiphertextBlob: flipBit(blob, blob.length * 8 - 1) }),
  },
  {
    when: 'Decrypt in another encryption context',
    name: 'InvalidCiphertextException',
    attempt: ({ kms, blob }) => kms.decrypt({ CiphertextBlob: blob, EncryptionContext: { tenant: 'b' } }),
  },
  {
    when: 'ReEncrypt out of another encryption context',
    name: 'InvalidCiphertextException',
    attempt: ({ kms, blob, other }) =>
      kms.reEncrypt({
        CiphertextBlob: blob,
        SourceEncryptionContext: { tenant: 'b' },
        DestinationKeyId: other.KeyId,
      }),
  },
  {
    when: 'the key of another account',
    name: 'AccessDeniedException',
    message: `User: ${STRANGER} is not authorized to perform: kms:Encrypt on this resource ${UNTOLD}`,
    attempt: ({ stranger, key }) => stranger.encrypt({ KeyId: key.arn, Plaintext }),
  },
  {
    when: 'the ciphertext of another account',
    name: 'AccessDeniedException',
    message: `User: ${STRANGER} is not authorized to perform: kms:Decrypt on the resource associated with this ciphertext ${UNTOLD}`,
    attempt: ({ stranger, blob }) => stranger.decrypt({ CiphertextBlob: blob }),
  },
  {
    when: 'an algorithm that the key does not have',
    name: 'InvalidKeyUsageException',
    message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    attempt: ({ kms, key }) => kms.encrypt({ KeyId: key.KeyId, Plaintext, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' }),
  },
  {
    when: 'a dry run',
    name: 'DryRunOperationException',
    message: 'The request would have succeeded, but the DryRun option is set.',
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, KeySpec: 'AES_256', DryRun: true }),
  },
  {
    when: 'a grant token',
    name: 'InvalidGrantTokenException',
    message: 'The grant token is not valid.',
    attempt: ({ kms, key }) => kms.encrypt({ KeyId: key.KeyId, Plaintext, GrantTokens: ['token'] }),
  },
  {
    when: 'a 26th rotation on demand',
    name: 'LimitExceededException',
    message: ({ worn }) =>
      'The on-demand rotations limit has been reached for the given keyId. ' +
      `No more on-demand rotations can be performed for this key: ${worn.arn}`,
    attempt: ({ kms, worn }) => kms.rotateKeyOnDemand({ KeyId: worn.KeyId }),
  },
  {
    when: 'an alias that is taken',
    name: 'AlreadyExistsException',
    message: `An alias with the name ${arnOf('alias/taken')} already exists`,
    attempt: ({ kms, other }) => kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: other.KeyId }),
  },
  {
    when: 'an alias without its prefix',
    name: 'ValidationException',
    message:
      'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
    attempt: ({ kms, key }) => kms.createAlias({ AliasName: 'orders', TargetKeyId: key.KeyId }),
  },
  {
    when: 'an alias of AWS',
    name: 'NotAuthorizedException',
    attempt: ({ kms, key }) => kms.createAlias({ AliasName: 'alias/aws/s3', TargetKeyId: key.KeyId }),
  },
  {
    when: 'an alias that is to point to an alias',
    name: 'ValidationException',
    message: 'Aliases must refer to keys. Not aliases',
    attempt: ({ kms }) => kms.createAlias({ AliasName: 'alias/new', TargetKeyId: 'alias/taken' }),
  },
  {
    when: 'a tag key of AWS',
    name: 'TagException',
    message: 'Tags beginning with aws: are reserved',
    attempt: ({ kms, key }) => kms.tagResource({ KeyId: key.KeyId, Tags: [{ TagKey: 'AWS:x', TagValue: '' }] }),
  },
  {
    when: 'a tag key twice',
    name: 'TagException',
    message: 'Duplicate tag keys',
    attempt: ({ kms }) =>
      kms.createKey({
        Tags: [
          { TagKey: 'a', TagValue: '1' },
          { TagKey: 'a', TagValue: '2' },
        ],
      }),
  },
  {
    when: 'tags beyond 50',
    name: 'TagException',
    message: 'Too many tags',
    attempt: ({ kms, key }) =>
      kms.tagResource({
        KeyId: key.KeyId,
        Tags: Array.from({ length: 51 }, (_, i) => ({ TagKey: String(i), TagValue: '' })),
      }),
  },
  {
    when: 'a text that is too short',
    name: 'ValidationException',
    message: validationError('keyId', 'have length greater than or equal to 1', ''),
    attempt: ({ kms }) => kms.describeKey({ KeyId: '' }),
  },
  {
    when: 'a member that is missing',
    name: 'ValidationException',
    message: "1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null",
    attempt: ({ kms }) => kms.describeKey({ KeyId: undefined }),
  },
  {
    when: 'a number that is too great',
    name: 'ValidationException',
    message: validationError('numberOfBytes', 'have value less than or equal to 1024', '1025'),
    attempt: ({ kms, key }) => kms.generateDataKey({ KeyId: key.KeyId, NumberOfBytes: 1025 }),
  },
  {
    when: 'a plaintext that is too long, which is not repeated',
    name: 'ValidationException',
    message: validationError('plaintext', 'have length less than or equal to 4096'),
    attempt: ({ kms, key }) => kms.encrypt({ KeyId: key.KeyId, Plaintext: new Uint8Array(4097) }),
  },
  {
    when: 'a fault inside a list',
    name: 'ValidationException',
    message: validationError('tags.2.member.tagKey', 'have length less than or equal to 128', 'a'.repeat(129)),
    attempt: ({ kms }) =>
      kms.createKey({
        Tags: [
          { TagKey: 'a', TagValue: '' },
          { TagKey: 'a'.repeat(129), TagValue: '' },
        ],
      }),
  },
  {
    when: 'GenerateRandom without a number',
    name: 'ValidationException',
    message: 'NumberOfBytes is required.',
    attempt: ({ kms }) => kms.generateRandom({}),
  },
  {
    when: 'a usage that the key spec cannot have',
    name: 'ValidationException',
    message: 'KeyUsage SIGN_VERIFY is not compatible with KeySpec SYMMETRIC_DEFAULT',
    attempt: ({ kms }) => kms.createKey({ KeyUsage: 'SIGN_VERIFY' }),
  },
  {
    when: 'a key spec without a usage',
    name: 'ValidationException',
    message: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
    attempt: ({ kms }) => kms.createKey({ KeySpec: 'RSA_2048' }),
  },
  {
    when: 'a policy that is no JSON',
    name: 'MalformedPolicyDocumentException',
    message: 'The new key policy is not valid JSON.',
    attempt: ({ kms, key }) => kms.putKeyPolicy({ KeyId: key.KeyId, Policy: '{' }),
  },
  {
    when: 'a policy name other than default',
    name: 'NotFoundException',
    message: 'No such policy exists',
    attempt: ({ kms, key }) => kms.getKeyPolicy({ KeyId: key.KeyId, PolicyName: 'mine' }),
  },
  {
    when: 'a marker that no page gave',
    name: 'InvalidMarkerException',
    message: 'Invalid marker.',
    attempt: ({ kms }) => kms.listKeys({ Marker: 'page2' }),
  },
]

async function setScene(door: Door): Promise<Scene> {
  // The SDK takes a LimitExceededException for throttling, and would try again.
  const maxAttempts = 1
  const kms = door.client({ maxAttempts })
  const stranger = door.client({ credentials: { accessKeyId: OTHER_ACCOUNT, secretAccessKey: 'any' }, maxAttempts })
  const [key, other, disabled, dying, worn] = [
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
    await createTestKey(kms),
  ]
  await kms.disableKey({ KeyId: disabled.KeyId })
  await kms.scheduleKeyDeletion({ KeyId: dying.KeyId })
  await kms.createAlias({ AliasName: 'alias/taken', TargetKeyId: key.KeyId })
  for (let i = 0; i < MOST_ROTATIONS; i++) await kms.rotateKeyOnDemand({ KeyId: worn.KeyId })
  const { CiphertextBlob: blob = new Uint8Array(0) } = await kms.encrypt({ KeyId: key.KeyId, Plaintext })
  return { kms, stranger, key, other, disabled, dying, worn, blob }
}

describe.each(DOORS)('$name', ({ open }) => {
  let door: Door
  let scene: Scene

  beforeAll(async () => {
    door = await open()
    scene = await setScene(door)
  })
  afterAll(() => door.close())

  it.each(REFUSALS)('$name: $when', async ({ name, message, attempt }) => {
    await expectRefusal(attempt(scene), name, typeof message === 'function' ? message(scene) : message)
  })
})
