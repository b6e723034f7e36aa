/**
 * boto3, the AWS SDK for Python, against `softkms serve`. `boto3_suite.py` does and looks, and what it must have seen
 * stands here.
 *
 * @covers wire §1 to §5
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { OPERATIONS } from '@softkms/kms'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ACCOUNT, REGION } from '../support/kms-fixture.ts'
import { lacksOpenSsl } from '../support/openssl.ts'
import { findPythonClients } from '../support/python-clients.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

/** ML-KEM came in October 2026. */
const YOUNGER_THAN_BOTO3: readonly string[] = ['Decapsulate', 'Encapsulate']

/** The cases in which the suite runs openssl, and the one that counts what was done in them. */
const WITH_OPENSSL: readonly string[] = ['import_symmetric', 'import_elliptic', 'operations']

const SUITE = fileURLToPath(new URL('boto3_suite.py', import.meta.url))
const { path, summary } = await findPythonClients()

const arnOf = (resource: string): string => `arn:aws:kms:${REGION}:${ACCOUNT}:${resource}`

/** @param modelled whether the API's model has the exception, so that boto3 makes a class of it */
function refusal(code: string, message = '', modelled = true): object {
  const name = modelled ? code : 'ClientError'
  return { class: name, code, message, status: 400, hasRequestId: true, retries: 0 }
}

const EXPECTED: { readonly [name: string]: unknown } = {
  create_and_describe: {
    members: [
      'AWSAccountId',
      'Arn',
      'CreationDate',
      'CurrentKeyMaterialId',
      'CustomerMasterKeySpec',
      'Description',
      'Enabled',
      'EncryptionAlgorithms',
      'KeyId',
      'KeyManager',
      'KeySpec',
      'KeyState',
      'KeyUsage',
      'MultiRegion',
      'Origin',
    ],
    isSame: true,
    arn: arnOf('key/ID'),
    description: 'ключ 🔑',
    isYoung: true,
  },
  four_identifiers: [true, true, true, true],
  encrypt_and_decrypt: {
    isOpened: [true, true, true],
    encrypt: ['CiphertextBlob', 'EncryptionAlgorithm', 'KeyId'],
    decrypt: ['EncryptionAlgorithm', 'KeyId', 'KeyMaterialId', 'Plaintext'],
  },
  asymmetric: {
    sign: ['KeyId', 'Signature', 'SigningAlgorithm'],
    isVerified: true,
    isShared: [66, true],
    refused: refusal('KMSInvalidSignatureException'),
  },
  macs: { length: 64, isVerified: true },
  data_key_pairs: {
    isOpened: true,
    members: ['KeyId', 'KeyMaterialId', 'KeyPairSpec', 'PrivateKeyCiphertextBlob', 'PrivateKeyPlaintext', 'PublicKey'],
    sealedMembers: ['KeyId', 'KeyMaterialId', 'KeyPairSpec', 'PrivateKeyCiphertextBlob', 'PublicKey'],
  },
  data_keys: {
    lengths: [
      [184, 32, true],
      [168, 16, true],
      [1186, 1024, true],
    ],
    members: ['CiphertextBlob', 'KeyId', 'KeyMaterialId', 'Plaintext'],
    sealedMembers: ['CiphertextBlob', 'KeyId', 'KeyMaterialId'],
    sealedLength: 32,
  },
  re_encrypt: {
    members: [
      'CiphertextBlob',
      'DestinationEncryptionAlgorithm',
      'DestinationKeyMaterialId',
      'KeyId',
      'SourceEncryptionAlgorithm',
      'SourceKeyId',
      'SourceKeyMaterialId',
    ],
    isMoved: true,
    plaintext: 'moved',
    isUnderDestination: true,
  },
  random_bytes: [1, 32, 1024],
  last_usage: [{}, 'GenerateDataKey', true],
  key_stores: [],
  aliases: [[], ['alias/moving'], true, []],
  tags: [{ TagKey: 'b', TagValue: '2' }],
  policies: { names: ['default'], defaultId: 'key-default-1', isKept: true },
  states: { states: ['Enabled', 'Disabled', 'Enabled', 'PendingDeletion', 'Disabled'], daysAway: 7, window: 7 },
  description: 'another',
  rotation: {
    off: ['KeyId', 'KeyRotationEnabled'],
    on: ['KeyId', 'KeyRotationEnabled', 'NextRotationDate', 'RotationPeriodInDays'],
    period: 180,
    again: false,
    opened: ['0', '1', '2'],
    types: ['ON_DEMAND', 'ON_DEMAND', 'ON_DEMAND'],
  },
  import_symmetric: {
    states: ['PendingImport', 'Enabled', 'PendingImport'],
    given: ['ImportToken', 'KeyId', 'ParametersValidTo', 'PublicKey'],
    hours: 24,
    imported: ['KeyId', 'KeyMaterialId'],
    expires: ['KEY_MATERIAL_EXPIRES', true],
    listed: [
      ['NON_CURRENT', 'IMPORTED'],
      ['CURRENT', 'IMPORTED'],
    ],
    opened: 'kept',
    refused: ['IncorrectKeyMaterialException', 'ValidationException', 'InvalidImportTokenException'],
  },
  import_elliptic: [true, true],
  multi_region: { replica: ['ReplicaKeyMetadata', 'ReplicaPolicy'], type: 'PRIMARY', opened: 'abroad' },
  paginators: { pages: [2, 2, 1], isWhole: true },
  grants: {
    isListed: true,
    isRetirable: true,
    constraints: true,
    name: 'suite',
    left: 0,
    refused: refusal('InvalidGrantTokenException', 'The grant token is not valid.'),
  },
  scopes: [
    `aws:kms:${REGION}:${ACCOUNT}`,
    'aws:kms:ap-southeast-2:444455556666',
    `aws:kms:${REGION}:000000000000`,
    'aws:kms:us-east-1:000000000000',
  ],
  at_once: true,
  refused_disabled: refusal('DisabledException', `${arnOf('key/ID')} is disabled.`),
  refused_context: refusal('InvalidCiphertextException'),
  refused_other_key: refusal(
    'IncorrectKeyException',
    'The key ID in the request does not identify a CMK that can perform this operation.',
  ),
  caught_by_class:
    'An error occurred (NotFoundException) when calling the DescribeKey operation: ' +
    `Key '${arnOf('key/00000000-0000-4000-8000-000000000000')}' does not exist`,
  refused_malformed_id: refusal('NotFoundException', "Invalid keyId 'my-key'"),
  refused_garbage: refusal('InvalidCiphertextException'),
  refused_reserved_alias: refusal('NotAuthorizedException', '', false),
  refused_tag: refusal('TagException', 'Tags beginning with aws: are reserved'),
  refused_dry_run: refusal(
    'DryRunOperationException',
    'The request would have succeeded, but the DryRun option is set.',
  ),
  refused_key_store: refusal('CustomKeyStoreNotFoundException', 'Custom key store cks-0 is not found.'),
  refused_window: refusal(
    'ValidationException',
    "1 validation error detected: Value '6' at 'pendingWindowInDays' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 7',
    false,
  ),
  // Every operation succeeded at least once on the way, but for those that are younger than this boto3 and those of
  // custom key stores, which have nothing to succeed with.
  operations: Object.keys(OPERATIONS)
    .filter((name) => !YOUNGER_THAN_BOTO3.includes(name) && !name.endsWith('CustomKeyStore'))
    .toSorted((a, b) => (a < b ? -1 : 1)),
}

describe.skipIf(path === undefined)(`boto3 (${summary})`, () => {
  let server: ServedKms
  let seen: ReadonlyMap<string, unknown>

  beforeAll(async () => {
    server = await serveKms()
    const env = {
      PATH: path,
      HOME: process.env['HOME'],
      AWS_CONFIG_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    }
    const { stdout } = await promisify(execFile)('python3', [SUITE, server.url], { env, timeout: 50_000 })
    const lines = stdout.trimEnd().split('\n')
    seen = new Map(
      lines.map((line) => {
        const { case: name, saw } = JSON.parse(line) as { readonly case: string; readonly saw: unknown }
        return [name, saw]
      }),
    )
  })
  afterAll(() => server.stop())

  it.for(Object.entries(EXPECTED))('%s', ([name, expected], { skip }) => {
    skip(lacksOpenSsl && WITH_OPENSSL.includes(name), 'there is no openssl')
    expect(seen.get(name)).toEqual(expected)
  })

  it('looks at nothing that is not listed here', () => {
    expect([...seen.keys()]).toEqual(Object.keys(EXPECTED))
  })
})
