/**
 * The AWS CLI against a served KMS, as a person would type it: one story, each step a test.
 *
 * @covers wire §6
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findPythonClients } from '../support/python-clients.ts'
import { type OpenSsl, testOpenSsl } from '../support/openssl.ts'
import { type ServedKms, serveKms } from '../support/served-kms.ts'
import { A_MATERIAL_ID, A_UUID } from './sdk-js/answers.ts'
import { type AwsCli, type CliAnswer, createAwsCli } from './aws-cli.ts'

const ACCOUNT = '111122223333'
const REGION = 'eu-west-1'
const ALIAS = 'alias/from-the-command-line'
const CONTEXT = 'tenant=a,purpose=test'
const PLAINTEXT = Buffer.from([0, 255, 10, 13, ...Buffer.from('not only text: ключ')])
/** What version 1 said in its first years, and what both say now. */
const EXIT_CODES_OF_REFUSAL = [255, 254]

/** A number from version 1, an ISO 8601 text from version 2. */
const A_TIME: unknown = expect.anything()
const AWS_LIKE_BLOB: unknown = expect.stringMatching(/^AQICA/)

const { path, summary } = await findPythonClients()

let server: ServedKms
let home: string
let aws: AwsCli

async function writeBytes(name: string, bytes: Uint8Array | string): Promise<string> {
  await writeFile(join(home, name), bytes)
  return `fileb://${name}`
}

interface Metadata {
  readonly KeyId: string
  readonly Arn: string
}

/** A wrapping key and the token that belongs to it. */
interface Wrapping {
  readonly publicKey: Uint8Array
  readonly token: Uint8Array
}

const NEVER = ['--expiration-model', 'KEY_MATERIAL_DOES_NOT_EXPIRE'] as const

async function createExternalKey(...kind: readonly string[]): Promise<Metadata> {
  const created = await aws.answer('create-key', '--origin', 'EXTERNAL', ...kind)
  return (created as { readonly KeyMetadata: Metadata }).KeyMetadata
}

async function askForImport(keyId: string, algorithm: string): Promise<Wrapping> {
  const parameters = (await aws.answer(
    ...['get-parameters-for-import', '--key-id', keyId, '--wrapping-algorithm', algorithm],
    ...['--wrapping-key-spec', 'RSA_2048'],
  )) as { readonly PublicKey: string; readonly ImportToken: string; readonly ParametersValidTo: unknown }
  expect(parameters.ParametersValidTo).toEqual(A_TIME)
  return { publicKey: fromBase64(parameters.PublicKey), token: fromBase64(parameters.ImportToken) }
}

async function importCommand(keyId: string, token: Uint8Array, sealed: Uint8Array): Promise<readonly string[]> {
  const files = ['--import-token', await writeBytes('token', token)]
  return [
    ...['import-key-material', '--key-id', keyId, ...files],
    ...['--encrypted-key-material', await writeBytes('material', sealed)],
  ]
}

/** RSAES-OAEP with SHA-256, as AWS's guide has it. */
function encryptOaep(openssl: OpenSsl, publicKey: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const options = ['rsa_padding_mode:oaep', 'rsa_oaep_md:sha256', 'rsa_mgf1_md:sha256']
  return openssl.run(
    ...['pkeyutl', '-encrypt', '-inkey', openssl.file('key', publicKey), '-keyform', 'DER', '-pubin'],
    ...['-in', openssl.file('plaintext', plaintext), ...options.flatMap((option) => ['-pkeyopt', option])],
  )
}

/** A time to come, as ISO 8601. */
function inDays(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString()
}

function fromBase64(text: unknown): Buffer {
  return Buffer.from(String(text), 'base64')
}

function byKeyId(a: { readonly KeyId: string }, b: { readonly KeyId: string }): number {
  return a.KeyId < b.KeyId ? -1 : 1
}

/** The command says which exception it was, and no more than AWS does. @param message `undefined` when AWS sends none */
function expectRefusal(
  { code, stdout, stderr }: CliAnswer,
  exception: string,
  operation: string,
  message?: string,
): void {
  expect(EXIT_CODES_OF_REFUSAL).toContain(code)
  expect(stdout).toBe('')
  const said = stderr.trim().replace(/^aws: \[ERROR\]: /, '')
  expect(said).toBe(`An error occurred (${exception}) when calling the ${operation} operation: ${message ?? ''}`.trim())
}

describe.skipIf(path === undefined)(`the AWS CLI (${summary})`, () => {
  let first: Metadata
  let second: Metadata
  let blob: Buffer
  let external: Metadata
  let wrapping: Wrapping
  let wrappedMaterial: Uint8Array

  beforeAll(async () => {
    server = await serveKms()
    home = await mkdtemp(join(tmpdir(), 'softkms-aws-cli-'))
    aws = createAwsCli({ path, home, url: server.url, account: ACCOUNT, region: REGION })
  })
  afterAll(async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })

  it('creates two keys', async () => {
    const tagged = ['--description', 'ключ', '--tags', 'TagKey=team,TagValue=a', 'TagKey=env,TagValue=dev']
    const created = [await aws.answer('create-key', ...tagged), await aws.answer('create-key')]
    const [one, two] = created.map((answer) => (answer as { readonly KeyMetadata: Metadata }).KeyMetadata)
    if (one === undefined || two === undefined) throw new Error('there are no two keys')
    first = one
    second = two
    expect(first).toMatchObject({
      AWSAccountId: ACCOUNT,
      Arn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/${first.KeyId}`,
      CurrentKeyMaterialId: A_MATERIAL_ID,
      Description: 'ключ',
      KeyId: A_UUID,
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyState: 'Enabled',
      MultiRegion: false,
    })
    expect(second.KeyId).not.toBe(first.KeyId)
  })

  it('gives one of them an alias, and describes the key by it', async () => {
    expect(await aws.answer('create-alias', '--alias-name', ALIAS, '--target-key-id', first.KeyId)).toBeUndefined()
    expect(await aws.answer('describe-key', '--key-id', ALIAS)).toEqual({ KeyMetadata: first })
  })

  it('lists keys page by page, and the aliases of one', async () => {
    const listed = await aws.answer('list-keys', '--page-size', '1')
    const expected = [first, second].map(({ KeyId, Arn }) => ({ KeyId, KeyArn: Arn }))
    const { Keys } = listed as { readonly Keys: readonly { readonly KeyId: string }[] }
    expect(Keys.toSorted(byKeyId)).toEqual(expected.toSorted(byKeyId))
    expect(await aws.answer('list-aliases', '--key-id', first.KeyId)).toMatchObject({
      Aliases: [{ AliasName: ALIAS, AliasArn: `arn:aws:kms:${REGION}:${ACCOUNT}:${ALIAS}`, TargetKeyId: first.KeyId }],
    })
  })

  it('encrypts a file of bytes under the alias', async () => {
    const plain = await writeBytes('plain', PLAINTEXT)
    const sealed = await aws.answer(
      ...['encrypt', '--key-id', ALIAS, '--plaintext', plain, '--encryption-context', CONTEXT],
    )
    expect(sealed).toEqual({
      CiphertextBlob: AWS_LIKE_BLOB,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyId: first.Arn,
    })
    blob = fromBase64((sealed as { readonly CiphertextBlob: string }).CiphertextBlob)
  })

  it('decrypts it with the usual idiom', async () => {
    const sealed = await writeBytes('sealed', blob)
    const { code, stdout } = await aws.run(
      ...['decrypt', '--ciphertext-blob', sealed, '--encryption-context', CONTEXT],
      ...['--query', 'Plaintext', '--output', 'text'],
    )
    expect(code).toBe(0)
    expect(fromBase64(stdout)).toEqual(PLAINTEXT)
  })

  it('is told nothing but that the ciphertext is invalid, for another context and for base64 as bytes', async () => {
    const sealed = await writeBytes('sealed', blob)
    const bare = await aws.run('decrypt', '--ciphertext-blob', sealed)
    expectRefusal(bare, 'InvalidCiphertextException', 'Decrypt')
    const twice = await writeBytes('twice', blob.toString('base64'))
    const encoded = await aws.run('decrypt', '--ciphertext-blob', twice, '--encryption-context', CONTEXT)
    expectRefusal(encoded, 'InvalidCiphertextException', 'Decrypt')
  })

  it('re-encrypts it under the other key', async () => {
    const moved = await aws.answer(
      ...['re-encrypt', '--ciphertext-blob', await writeBytes('sealed', blob), '--source-encryption-context', CONTEXT],
      ...['--destination-key-id', second.Arn, '--destination-encryption-context', 'tenant=b'],
    )
    expect(moved).toMatchObject({ KeyId: second.Arn, SourceKeyId: first.Arn })
    const { CiphertextBlob } = moved as { readonly CiphertextBlob: string }
    const again = await writeBytes('moved', fromBase64(CiphertextBlob))
    const opened = await aws.answer(
      ...['decrypt', '--ciphertext-blob', again, '--key-id', second.KeyId, '--encryption-context', '{"tenant":"b"}'],
    )
    expect(opened).toMatchObject({ KeyId: second.Arn, Plaintext: PLAINTEXT.toString('base64') })
  })

  it('generates a data key', async () => {
    const dataKey = await aws.answer('generate-data-key', '--key-id', first.Arn, '--key-spec', 'AES_256')
    const { CiphertextBlob, Plaintext, KeyId } = dataKey as Record<string, string>
    expect(KeyId).toBe(first.Arn)
    expect(fromBase64(Plaintext)).toHaveLength(32)
    expect(fromBase64(CiphertextBlob)).toHaveLength(184)
    const sealed = await writeBytes('data-key', fromBase64(CiphertextBlob))
    expect(await aws.answer('decrypt', '--ciphertext-blob', sealed)).toMatchObject({ Plaintext })
  })

  it('tags, untags and lists tags', async () => {
    await aws.answer('tag-resource', '--key-id', first.KeyId, '--tags', 'TagKey=team,TagValue=b')
    await aws.answer('untag-resource', '--key-id', first.KeyId, '--tag-keys', 'env')
    expect(await aws.answer('list-resource-tags', '--key-id', first.KeyId)).toMatchObject({
      Tags: [{ TagKey: 'team', TagValue: 'b' }],
    })
  })

  it('turns rotation on and rotates at once; what was encrypted before still opens', async () => {
    await aws.answer('enable-key-rotation', '--key-id', first.KeyId, '--rotation-period-in-days', '90')
    expect(await aws.answer('rotate-key-on-demand', '--key-id', first.KeyId)).toEqual({ KeyId: first.Arn })
    expect(await aws.answer('get-key-rotation-status', '--key-id', first.KeyId)).toEqual({
      KeyId: first.Arn,
      KeyRotationEnabled: true,
      NextRotationDate: A_TIME,
      RotationPeriodInDays: 90,
    })
    expect(await aws.answer('list-key-rotations', '--key-id', first.KeyId)).toMatchObject({
      Rotations: [{ KeyId: first.KeyId, RotationType: 'ON_DEMAND', KeyMaterialState: 'CURRENT' }],
    })
    const sealed = await writeBytes('sealed', blob)
    const opened = await aws.answer('decrypt', '--ciphertext-blob', sealed, '--encryption-context', CONTEXT)
    expect(opened).toMatchObject({ Plaintext: PLAINTEXT.toString('base64') })
  })

  it('creates a key without material, and asks how to wrap some', async () => {
    external = await createExternalKey()
    expect(external).toMatchObject({ KeyState: 'PendingImport', Origin: 'EXTERNAL' })
    wrapping = await askForImport(external.KeyId, 'RSAES_OAEP_SHA_256')
  })

  testOpenSsl('imports what openssl made and wrapped, with an end', async (openssl) => {
    const { KeyId, Arn } = external
    wrappedMaterial = encryptOaep(openssl, wrapping.publicKey, openssl.run('rand', '32'))
    const expiry = ['--expiration-model', 'KEY_MATERIAL_EXPIRES', '--valid-to', inDays(30)]
    expect(await aws.answer(...(await importCommand(KeyId, wrapping.token, wrappedMaterial)), ...expiry)).toEqual({
      KeyId: Arn,
      KeyMaterialId: A_MATERIAL_ID,
    })
    expect(await aws.answer('describe-key', '--key-id', KeyId)).toMatchObject({
      KeyMetadata: { KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: A_TIME },
    })
  })

  testOpenSsl('deletes the material, without which the key does nothing', async () => {
    const { KeyId, Arn } = external
    expect(await aws.answer('delete-imported-key-material', '--key-id', KeyId)).toEqual({
      KeyId: Arn,
      KeyMaterialId: A_MATERIAL_ID,
    })
    const used = await aws.run('encrypt', '--key-id', KeyId, '--plaintext', await writeBytes('p', 'p'))
    expectRefusal(used, 'KMSInvalidStateException', 'Encrypt', `${Arn} is pending import.`)
  })

  testOpenSsl('is told what is wrong with an import, and imports the same material again', async () => {
    const { KeyId, Arn } = external
    const again = await importCommand(KeyId, wrapping.token, wrappedMaterial)
    const rule = 'A validTo date must be set if the ExpirationModel is KEY_MATERIAL_EXPIRES'
    expectRefusal(await aws.run(...again), 'ValidationException', 'ImportKeyMaterial', rule)
    const swapped = await aws.run(...(await importCommand(KeyId, wrappedMaterial, wrappedMaterial)), ...NEVER)
    expectRefusal(swapped, 'InvalidImportTokenException', 'ImportKeyMaterial', 'The import token is not valid.')
    const taken = await aws.answer(...(await importCommand(KeyId, wrapping.token, wrappedMaterial)), ...NEVER)
    expect(taken).toEqual({ KeyId: Arn, KeyMaterialId: A_MATERIAL_ID })
  })

  it('creates a key for a private key, and asks how to wrap one', async () => {
    external = await createExternalKey('--key-spec', 'RSA_2048', '--key-usage', 'SIGN_VERIFY')
    expect(external).toMatchObject({ KeyState: 'PendingImport', KeySpec: 'RSA_2048' })
    wrapping = await askForImport(external.KeyId, 'RSA_AES_KEY_WRAP_SHA_256')
  })

  testOpenSsl('imports the private key, and signs what openssl verifies', async (openssl) => {
    const { KeyId } = external
    const pem = openssl.file('pem', openssl.run('genpkey', '-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'))
    const bytes = openssl.run('pkcs8', '-topk8', '-nocrypt', '-outform', 'DER', '-in', pem)
    const aesKey = openssl.run('rand', '32')
    const options = ['-id-aes256-wrap-pad', '-K', Buffer.from(aesKey).toString('hex'), '-iv', 'A65959A6']
    const wrapped = openssl.run('enc', ...options, '-in', openssl.file('material', bytes))
    wrappedMaterial = Buffer.concat([encryptOaep(openssl, wrapping.publicKey, aesKey), wrapped])
    await aws.answer(...(await importCommand(KeyId, wrapping.token, wrappedMaterial)), ...NEVER)
    const signed = await aws.answer(
      ...['sign', '--key-id', KeyId, '--message', await writeBytes('message', PLAINTEXT)],
      ...['--signing-algorithm', 'RSASSA_PKCS1_V1_5_SHA_256'],
    )
    const signature = openssl.file('signature', fromBase64((signed as { readonly Signature: string }).Signature))
    const message = openssl.file('message', PLAINTEXT)
    const said = openssl.run('dgst', '-sha256', '-prverify', pem, '-signature', signature, message)
    expect(Buffer.from(said).toString().trim()).toBe('Verified OK')
  })

  it('makes a grant, lists it and ends it', async () => {
    const grantee = `arn:aws:iam::${ACCOUNT}:role/app`
    const made = (await aws.answer(
      ...['create-grant', '--key-id', first.KeyId, '--grantee-principal', grantee, '--name', 'cli'],
      ...['--operations', 'Decrypt', 'GenerateDataKey'],
      ...['--constraints', 'EncryptionContextSubset={tenant=blue}'],
    )) as { readonly GrantId: string; readonly GrantToken: string }
    const listed = (await aws.answer('list-grants', '--key-id', first.KeyId)) as { readonly Grants: readonly object[] }
    expect(listed.Grants).toMatchObject([
      {
        KeyId: first.Arn,
        GrantId: made.GrantId,
        Name: 'cli',
        GranteePrincipal: grantee,
        Operations: ['Decrypt', 'GenerateDataKey'],
        Constraints: { EncryptionContextSubset: { tenant: 'blue' } },
      },
    ])
    const retired = await aws.run('retire-grant', '--grant-token', made.GrantToken)
    expect({ code: retired.code, stdout: retired.stdout }).toEqual({ code: 0, stdout: '' })
    const again = await aws.run('revoke-grant', '--key-id', first.KeyId, '--grant-id', made.GrantId)
    expectRefusal(again, 'NotFoundException', 'RevokeGrant', `Grant ID ${made.GrantId} not found`)
  })

  it('schedules a deletion, after which the key does nothing, and cancels it', async () => {
    const window = ['--pending-window-in-days', '7']
    expect(await aws.answer('schedule-key-deletion', '--key-id', second.KeyId, ...window)).toEqual({
      DeletionDate: A_TIME,
      KeyId: second.Arn,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
    })
    const used = await aws.run('encrypt', '--key-id', second.KeyId, '--plaintext', await writeBytes('p', 'p'))
    expectRefusal(used, 'KMSInvalidStateException', 'Encrypt', `${second.Arn} is pending deletion.`)
    expect(await aws.answer('cancel-key-deletion', '--key-id', second.KeyId)).toEqual({ KeyId: second.Arn })
  })

  it('reports what is not there: a key, a member in range, a custom key store', async () => {
    const absent = '01234567-89ab-cdef-0123-456789abcdef'
    const missing = `Key 'arn:aws:kms:${REGION}:${ACCOUNT}:key/${absent}' does not exist`
    expectRefusal(await aws.run('describe-key', '--key-id', absent), 'NotFoundException', 'DescribeKey', missing)
    const tooFew = await aws.run('schedule-key-deletion', '--key-id', first.KeyId, '--pending-window-in-days', '6')
    const rule =
      "1 validation error detected: Value '6' at 'pendingWindowInDays' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 7'
    expectRefusal(tooFew, 'ValidationException', 'ScheduleKeyDeletion', rule)
    const connected = await aws.run('connect-custom-key-store', '--custom-key-store-id', 'cks-0')
    const store = 'Custom key store cks-0 is not found.'
    expectRefusal(connected, 'CustomKeyStoreNotFoundException', 'ConnectCustomKeyStore', store)
  })
})
