/**
 * The AWS Encryption SDK: a file of 10 MB encrypted under two KMS keys, streamed to disk, and decrypted with either.
 */
import { createHash, randomBytes } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CommitmentPolicy, KMS, KmsKeyringNode, type KmsNodeClientSupplier, buildClient } from '@aws-crypto/client-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ServedKms, serveKms } from '../support/served-kms.ts'

const ACCOUNT = '111122223333'
const REGION = 'eu-west-1'
/** More than 10 MB, and no multiple of the SDK's frames of 4096 bytes. */
const FILE_BYTES = 10 * 1_048_576 + 1_234
const CONTEXT = { purpose: 'conformance', file: 'plain' }

const { encryptStream, decryptStream } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)

let server: ServedKms
let folder: string
let kms: KMS
let clientProvider: KmsNodeClientSupplier
let generatorKey: string
let otherKey: string
let thirdKey: string

beforeAll(async () => {
  server = await serveKms()
  folder = await mkdtemp(join(tmpdir(), 'softkms-encryption-sdk-'))
  const credentials = { accessKeyId: ACCOUNT, secretAccessKey: 'any' }
  const createClient = (region: string): KMS => new KMS({ endpoint: server.url, region, credentials })
  kms = createClient(REGION)
  // The client fits the type only where an optional member may be `undefined`; see `exactOptionalPropertyTypes`.
  clientProvider = createClient as KmsNodeClientSupplier
  generatorKey = await createKey()
  otherKey = await createKey()
  thirdKey = await createKey()
  await writePlainFile()
  const keyring = new KmsKeyringNode({ clientProvider, generatorKeyId: generatorKey, keyIds: [otherKey] })
  await pipeline(
    createReadStream(join(folder, 'plain')),
    encryptStream(keyring, { encryptionContext: CONTEXT }),
    createWriteStream(join(folder, 'sealed')),
  )
})
afterAll(async () => {
  kms.destroy()
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function createKey(): Promise<string> {
  const { KeyMetadata } = await kms.createKey({})
  if (KeyMetadata?.Arn === undefined) throw new Error('the key has no ARN')
  return KeyMetadata.Arn
}

async function writePlainFile(): Promise<void> {
  await writeFile(join(folder, 'plain'), randomBytes(FILE_BYTES))
}

async function hashOf(name: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(join(folder, name)), hash)
  return hash.digest('hex')
}

/** Streams one file to another with one key only. */
async function decryptFile(keyArn: string, from: string, to: string): Promise<void> {
  const keyring = new KmsKeyringNode({ clientProvider, keyIds: [keyArn] })
  await pipeline(createReadStream(join(folder, from)), decryptStream(keyring), createWriteStream(join(folder, to)))
}

/** A copy of the encrypted file with one bit of one byte changed. */
async function damage(name: string, place: number): Promise<void> {
  await pipeline(createReadStream(join(folder, 'sealed')), createWriteStream(join(folder, name)))
  const file = await open(join(folder, name), 'r+')
  try {
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, place)
    await file.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, place)
  } finally {
    await file.close()
  }
}

describe('a file of more than 10 MB under two keys', () => {
  it('is longer when encrypted, and something else', async () => {
    const { size } = await stat(join(folder, 'sealed'))
    expect(size).toBeGreaterThan(FILE_BYTES)
    expect(FILE_BYTES).toBeGreaterThan(10_000_000)
    expect(await hashOf('sealed')).not.toBe(await hashOf('plain'))
  })

  it('is decrypted with the key that generated the data key', async () => {
    await decryptFile(generatorKey, 'sealed', 'opened-by-generator')
    expect(await hashOf('opened-by-generator')).toBe(await hashOf('plain'))
  })

  it('is decrypted with the other key', async () => {
    await decryptFile(otherKey, 'sealed', 'opened-by-other')
    expect(await hashOf('opened-by-other')).toBe(await hashOf('plain'))
  })

  it('is decrypted with the other key after a rotation, and while the first is disabled', async () => {
    await kms.rotateKeyOnDemand({ KeyId: otherKey })
    await kms.disableKey({ KeyId: generatorKey })
    await expect(decryptFile(generatorKey, 'sealed', 'none')).rejects.toThrow(`${generatorKey} is disabled.`)
    await decryptFile(otherKey, 'sealed', 'opened-after-rotation')
    await kms.enableKey({ KeyId: generatorKey })
    expect(await hashOf('opened-after-rotation')).toBe(await hashOf('plain'))
  })

  it('is refused with a third key', async () => {
    await expect(decryptFile(thirdKey, 'sealed', 'opened-by-third')).rejects.toThrow(
      'unencryptedDataKey has not been set',
    )
  })
})

describe('the same file with one bit changed', () => {
  it.each([
    [
      'in the encrypted data keys',
      () => 400,
      /^Unable to decrypt data key|^Unsupported state or unable to authenticate/,
    ],
    ['in the middle', (size: number) => Math.floor(size / 2), /^Unsupported state or unable to authenticate/],
    ['in the last frame', (size: number) => size - 200, /^Unsupported state or unable to authenticate/],
    ['in the signature at its end', (size: number) => size - 20, /^Invalid Signature$/],
  ])('%s is refused', async (_where, placeIn, message) => {
    const { size } = await stat(join(folder, 'sealed'))
    const place = placeIn(size)
    await damage(`damaged-${place}`, place)
    for (const key of [generatorKey, otherKey]) {
      await expect(decryptFile(key, `damaged-${place}`, 'none')).rejects.toThrow(message)
    }
  })
})
