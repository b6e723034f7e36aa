/**
 * Requests that are wrong in two ways at once: the first in the order of checks is told, and the second once the first is
 * mended.
 *
 * Address, authentication, JSON, model, rules beyond the model, key, permission, state, usage, operation.
 *
 * @covers KMS key-states, "Order of checks"; wire §2
 */
import { createIdentityPolicies } from '@softkms/kms'
import { createCredentials, createFetchHandler } from '@softkms/server'
import type { Kms } from 'softkms'
import { beforeAll, expect, test } from 'vitest'
import { ACCOUNT, REGION, base64Of, bytesOf, startKms } from '../support/kms-fixture.ts'
import { allow, createKeyWith, deny, policyOf } from '../support/policy-scene.ts'
import { SIGNED_AT, type Signer, signWithSdk, toRequest, unsigned } from '../support/signed-requests.ts'
import { ALICE } from '../support/signers.ts'
import { ask } from '../support/wire.ts'

const ROOT = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root-secret' }
const USER: Signer = ALICE
/** Without any policy. */
const NOBODY = {
  accessKeyId: 'AKIANOBODYNOBODYNOBO',
  secretAccessKey: 'nobodys-secret',
  principal: `arn:aws:iam::${ACCOUNT}:user/nobody`,
}
const FORGER = { ...ROOT, secretAccessKey: 'not-the-secret' }
const ROOT_ARN = `arn:aws:iam::${ACCOUNT}:root`
const USER_ARN = ALICE.principal

const WRAPPING = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' }
const UNKNOWN = '00000000-0000-4000-8000-000000000000'
const Plaintext = base64Of(bytesOf('secret'))

interface Sent {
  readonly operation: string
  readonly input?: object
  readonly body?: string
  /** Root when absent; nobody signs for `null`. */
  readonly signer?: Signer | null
  readonly headers?: { readonly [name: string]: string }
}

/** Keys by what is wrong with them. */
interface Keys {
  readonly good: string
  readonly other: string
  readonly disabled: string
  readonly dying: string
  readonly signing: string
  readonly disabledSigning: string
  /** Not for the user, and disabled. */
  readonly forbidden: string
  /** Of imported material: without it, and about to go. */
  readonly external: string
  readonly dyingExternal: string
  /** Sealed under the disabled key, and under the good one. */
  readonly disabledBlob: string
  readonly blob: string
}

interface Pair {
  /** What is told, then what is not. */
  readonly order: string
  readonly both: (keys: Keys) => Sent
  readonly first: string
  /** The first fault mended. */
  readonly mended: (keys: Keys) => Sent
  readonly second: string
}

const PAIRS: readonly Pair[] = [
  {
    order: 'address before authentication',
    both: () => ({ operation: 'Nope', signer: null }),
    first: 'UnknownOperationException',
    mended: () => ({ operation: 'ListKeys', signer: null }),
    second: 'MissingAuthenticationTokenException',
  },
  {
    order: 'coding of the body before authentication',
    both: () => ({ operation: 'ListKeys', signer: null, headers: { 'content-encoding': 'br' } }),
    first: 'MalformedHttpRequestException',
    mended: () => ({ operation: 'ListKeys', signer: null }),
    second: 'MissingAuthenticationTokenException',
  },
  {
    order: 'authentication before JSON',
    both: () => ({ operation: 'ListKeys', body: '{', signer: FORGER }),
    first: 'InvalidSignatureException',
    mended: () => ({ operation: 'ListKeys', body: '{' }),
    second: 'SerializationException',
  },
  {
    order: 'JSON before model',
    both: () => ({ operation: 'Encrypt', input: { KeyId: '', Plaintext: 1 } }),
    first: 'SerializationException',
    mended: () => ({ operation: 'Encrypt', input: { KeyId: '', Plaintext } }),
    second: 'ValidationException: 1 validation error detected',
  },
  {
    order: 'model before rules beyond it',
    both: () => ({
      operation: 'ScheduleKeyDeletion',
      input: { KeyId: '', PendingWindowInDays: 3 },
    }),
    first: "ValidationException: 1 validation error detected: Value '' at 'keyId'",
    mended: ({ good }) => ({ operation: 'ScheduleKeyDeletion', input: { KeyId: good, PendingWindowInDays: 3 } }),
    second: "ValidationException: 1 validation error detected: Value '3' at 'pendingWindowInDays'",
  },
  {
    order: 'model before grant tokens',
    both: ({ good }) => ({ operation: 'Encrypt', input: { KeyId: good, Plaintext: '', GrantTokens: ['no token'] } }),
    first: 'ValidationException',
    mended: ({ good }) => ({ operation: 'Encrypt', input: { KeyId: good, Plaintext, GrantTokens: ['no token'] } }),
    second: 'InvalidGrantTokenException',
  },
  ...(
    [
      ['ScheduleKeyDeletion', { PendingWindowInDays: 3 }, { PendingWindowInDays: 7 }, 'ValidationException'],
      ['TagResource', { Tags: [tag('aws:x')] }, { Tags: [tag('x')] }, 'TagException'],
      ['EnableKeyRotation', { RotationPeriodInDays: 1 }, { RotationPeriodInDays: 90 }, 'ValidationException'],
      [
        'PutKeyPolicy',
        { Policy: '{' },
        { Policy: policyOf(allow({ Principal: '*' })) },
        'MalformedPolicyDocumentException',
      ],
      [
        'CreateGrant',
        { GranteePrincipal: USER_ARN, Operations: ['CreateGrant'] },
        { GranteePrincipal: USER_ARN, Operations: ['Encrypt'] },
        'ValidationException',
      ],
      ['GenerateDataKey', {}, { NumberOfBytes: 1 }, 'ValidationException'],
    ] as const
  ).map(([operation, wrong, right, first]): Pair => ({
    order: `rules beyond the model before key: ${operation}`,
    both: () => ({ operation, input: { KeyId: UNKNOWN, ...wrong } }),
    first,
    mended: () => ({ operation, input: { KeyId: UNKNOWN, ...right } }),
    second: 'NotFoundException',
  })),
  {
    order: 'rules beyond the model before key: CreateAlias',
    both: () => ({ operation: 'CreateAlias', input: { AliasName: 'orders', TargetKeyId: UNKNOWN } }),
    first: 'ValidationException: Alias must start',
    mended: () => ({ operation: 'CreateAlias', input: { AliasName: 'alias/orders', TargetKeyId: UNKNOWN } }),
    second: 'NotFoundException',
  },
  ...(
    [
      ['Encrypt', { Plaintext }],
      ['DescribeKey', {}],
      ['DisableKey', {}],
      ['TagResource', { Tags: [tag('x')] }],
    ] as const
  ).map(([operation, rest]): Pair => ({
    order: `key before permission: ${operation}`,
    both: () => ({ operation, signer: USER, input: { KeyId: UNKNOWN, ...rest } }),
    first: 'NotFoundException',
    mended: ({ forbidden }) => ({ operation, signer: USER, input: { KeyId: forbidden, ...rest } }),
    second: 'AccessDeniedException',
  })),
  ...(
    [
      ['CreateKey', { Tags: [tag('a'), tag('a')] }, {}, 'TagException'],
      ['CreateKey', { KeyUsage: 'SIGN_VERIFY' }, {}, 'ValidationException'],
      ['GenerateRandom', {}, { NumberOfBytes: 1 }, 'ValidationException'],
    ] as const
  ).map(([operation, wrong, right, first]): Pair => ({
    order: `rules beyond the model before permission: ${operation}, ${first}`,
    both: () => ({ operation, signer: NOBODY, input: wrong }),
    first,
    mended: () => ({ operation, signer: NOBODY, input: right }),
    second: 'AccessDeniedException',
  })),
  {
    order: 'permission before marker: ListKeys',
    both: () => ({ operation: 'ListKeys', signer: NOBODY, input: { Marker: 'none' } }),
    first: 'AccessDeniedException',
    mended: () => ({ operation: 'ListKeys', input: { Marker: 'none' } }),
    second: 'InvalidMarkerException',
  },
  {
    order: 'state before import token: ImportKeyMaterial',
    both: ({ dyingExternal }) => ({ operation: 'ImportKeyMaterial', input: importInto(dyingExternal) }),
    first: 'KMSInvalidStateException',
    mended: ({ external }) => ({ operation: 'ImportKeyMaterial', input: importInto(external) }),
    second: 'InvalidImportTokenException',
  },
  {
    order: 'state before origin: GetParametersForImport',
    both: ({ dyingExternal }) => ({
      operation: 'GetParametersForImport',
      input: { ...WRAPPING, KeyId: dyingExternal },
    }),
    first: 'KMSInvalidStateException',
    mended: ({ good }) => ({ operation: 'GetParametersForImport', input: { ...WRAPPING, KeyId: good } }),
    second: 'UnsupportedOperationException',
  },
  ...(
    [
      ['Encrypt', { Plaintext }, 'DisabledException'],
      ['GenerateDataKey', { KeySpec: 'AES_256' }, 'DisabledException'],
      ['EnableKeyRotation', {}, 'DisabledException'],
      ['CancelKeyDeletion', {}, 'KMSInvalidStateException'],
    ] as const
  ).map(([operation, rest, second]): Pair => ({
    order: `permission before state: ${operation}`,
    both: ({ forbidden }) => ({ operation, signer: USER, input: { KeyId: forbidden, ...rest } }),
    first: 'AccessDeniedException',
    mended: ({ disabled }) => ({ operation, input: { KeyId: disabled, ...rest } }),
    second,
  })),
  {
    order: 'state before usage: Encrypt',
    both: ({ disabledSigning }) => ({ operation: 'Encrypt', input: { KeyId: disabledSigning, Plaintext } }),
    first: 'DisabledException',
    mended: ({ signing }) => ({ operation: 'Encrypt', input: { KeyId: signing, Plaintext } }),
    second: 'InvalidKeyUsageException',
  },
  {
    order: 'state before usage: Sign',
    both: ({ dying }) => ({ operation: 'Sign', input: sign(dying) }),
    first: 'KMSInvalidStateException',
    mended: ({ good }) => ({ operation: 'Sign', input: sign(good) }),
    second: 'InvalidKeyUsageException',
  },
  {
    order: 'usage before algorithm: Sign',
    both: ({ good }) => ({ operation: 'Sign', input: { ...sign(good), SigningAlgorithm: 'ECDSA_SHA_512' } }),
    first: 'InvalidKeyUsageException: arn:',
    mended: ({ signing }) => ({ operation: 'Sign', input: { ...sign(signing), SigningAlgorithm: 'ECDSA_SHA_512' } }),
    second: 'InvalidKeyUsageException: Algorithm ECDSA_SHA_512',
  },
  {
    order: 'algorithm before message: Sign',
    both: ({ signing }) => ({
      operation: 'Sign',
      input: { ...sign(signing), SigningAlgorithm: 'ECDSA_SHA_512', MessageType: 'DIGEST' },
    }),
    first: 'InvalidKeyUsageException',
    mended: ({ signing }) => ({ operation: 'Sign', input: { ...sign(signing), MessageType: 'DIGEST' } }),
    second: 'ValidationException: Digest is invalid length',
  },
  {
    order: 'operation before dry run: Decrypt',
    both: ({ blob }) => ({
      operation: 'Decrypt',
      input: { CiphertextBlob: blob, EncryptionContext: { a: 'b' }, DryRun: true },
    }),
    first: 'InvalidCiphertextException',
    mended: ({ blob }) => ({ operation: 'Decrypt', input: { CiphertextBlob: blob, DryRun: true } }),
    second: 'DryRunOperationException',
  },
  {
    order: 'key of the ciphertext before state: Decrypt',
    both: ({ other, disabledBlob }) => ({
      operation: 'Decrypt',
      input: { KeyId: other, CiphertextBlob: disabledBlob },
    }),
    first: 'IncorrectKeyException',
    mended: ({ disabledBlob }) => ({ operation: 'Decrypt', input: { CiphertextBlob: disabledBlob } }),
    second: 'DisabledException',
  },
  {
    order: 'state before ciphertext: Decrypt',
    both: ({ disabledBlob }) => ({
      operation: 'Decrypt',
      input: { CiphertextBlob: disabledBlob, EncryptionContext: { a: 'b' } },
    }),
    first: 'DisabledException',
    mended: ({ blob }) => ({ operation: 'Decrypt', input: { CiphertextBlob: blob, EncryptionContext: { a: 'b' } } }),
    second: 'InvalidCiphertextException',
  },
  {
    order: 'permission for the source before the destination: ReEncrypt',
    both: ({ blob }) => ({
      operation: 'ReEncrypt',
      signer: USER,
      input: { CiphertextBlob: blob, DestinationKeyId: UNKNOWN },
    }),
    first: 'AccessDeniedException',
    mended: ({ blob }) => ({ operation: 'ReEncrypt', input: { CiphertextBlob: blob, DestinationKeyId: UNKNOWN } }),
    second: 'NotFoundException',
  },
  {
    order: 'destination before the state of the source: ReEncrypt',
    both: ({ disabledBlob }) => ({
      operation: 'ReEncrypt',
      input: { CiphertextBlob: disabledBlob, DestinationKeyId: UNKNOWN },
    }),
    first: 'NotFoundException',
    mended: ({ disabledBlob, good }) => ({
      operation: 'ReEncrypt',
      input: { CiphertextBlob: disabledBlob, DestinationKeyId: good },
    }),
    second: 'DisabledException',
  },
]

function importInto(KeyId: string): object {
  return {
    KeyId,
    ImportToken: Plaintext,
    EncryptedKeyMaterial: Plaintext,
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  }
}

function tag(TagKey: string): object {
  return { TagKey, TagValue: '' }
}

function sign(KeyId: string): object {
  return { KeyId, Message: Plaintext, SigningAlgorithm: 'ECDSA_SHA_256' }
}

let keys: Keys
let handle: (request: Request) => Promise<Response>

async function makeKeys(kms: Kms): Promise<Keys> {
  const policy = policyOf(allow({ Principal: { AWS: ROOT_ARN } }))
  const guarded = policyOf(allow({ Principal: { AWS: ROOT_ARN } }), deny({ Principal: { AWS: USER_ARN } }))
  const ecc = { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
  const [good, other, disabled, dying] = [
    await createKeyWith(kms, guarded),
    await createKeyWith(kms, policy),
    await createKeyWith(kms, policy),
    await createKeyWith(kms, policy),
  ]
  const [signing, disabledSigning, forbidden] = [
    await createKeyWith(kms, policy, ecc),
    await createKeyWith(kms, policy, ecc),
    await createKeyWith(kms, guarded),
  ]
  const [external, dyingExternal] = [
    await createKeyWith(kms, policy, { Origin: 'EXTERNAL' }),
    await createKeyWith(kms, policy, { Origin: 'EXTERNAL' }),
  ]
  const seal = async (KeyId: string): Promise<string> =>
    base64Of((await kms.encrypt({ KeyId, Plaintext: bytesOf('secret') })).CiphertextBlob)
  const [blob, disabledBlob] = [await seal(good), await seal(disabled)]
  for (const KeyId of [disabled, disabledSigning, forbidden]) await kms.disableKey({ KeyId })
  for (const KeyId of [dying, dyingExternal]) await kms.scheduleKeyDeletion({ KeyId })
  return {
    good,
    other,
    disabled,
    dying,
    signing,
    disabledSigning,
    forbidden,
    external,
    dyingExternal,
    blob,
    disabledBlob,
  }
}

beforeAll(async () => {
  const identityPolicies = createIdentityPolicies()
  identityPolicies.set(USER_ARN, { identity: [policyOf(allow())] })
  const { kms } = await startKms({ identityPolicies })
  keys = await makeKeys(kms)
  const credentials = createCredentials([ALICE, { ...ROOT, principal: ROOT_ARN }, NOBODY])
  handle = createFetchHandler(kms, { auth: { credentials, clock: { now: () => SIGNED_AT } } })
})

/** The error's name, and its message where it has one. */
async function tell({ operation, input = {}, body = JSON.stringify(input), signer = ROOT, headers = {} }: Sent) {
  const request = unsigned({
    region: REGION,
    body,
    headers: { 'x-amz-target': `TrentService.${operation}`, ...headers },
  })
  const signed = signer === null ? { url: `http://${request.host}/`, ...request } : await signWithSdk(request, signer)
  const { status, text } = await ask(handle, toRequest(signed))
  expect(status).toBe(400)
  const { __type, message = '' } = JSON.parse(text) as { readonly __type: string; readonly message?: string }
  return `${__type}: ${message}`
}

test.each(PAIRS)('$order', async ({ both, first, mended, second }) => {
  expect(await tell(both(keys))).toMatch(startingWith(first))
  expect(await tell(mended(keys))).toMatch(startingWith(second))
})

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`)
}
