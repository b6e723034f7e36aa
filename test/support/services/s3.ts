/** An S3 that stores objects under SSE-KMS, with a bucket key or without. */
import type { Kms } from 'softkms'
import { type DataKey, type Locked, type Sealed, drawDataKey, lock, open, openDataKey, seal, unlock } from './sealed.ts'

export interface Bucket {
  /** The AWS managed key when absent. */
  readonly keyId?: string
  readonly hasBucketKey: boolean
}

export interface S3 {
  createBucket(name: string, bucket: Bucket): void
  putObject(caller: string, bucket: string, name: string, body: string): Promise<void>
  getObject(caller: string, bucket: string, name: string): Promise<string>
}

/** An object, and how it is sealed: under a data key of its own, or under a key that the bucket key locks. */
type StoredObject =
  | { readonly type: 'own'; readonly sealed: Sealed }
  | { readonly type: 'bucket'; readonly bucketKey: Uint8Array; readonly key: Locked; readonly body: Locked }

const MANAGED_KEY = 'alias/aws/s3'

export function createS3(kms: Kms): S3 {
  const buckets = new Map<string, Bucket>()
  const objects = new Map<string, StoredObject>()
  /** By bucket and caller: nobody gets a bucket key for which KMS has not been asked in its name. */
  const bucketKeys = new Map<string, DataKey>()

  const through = (caller: string) => kms.asService('s3.amazonaws.com', { onBehalfOf: caller })

  function bucketNamed(name: string): Bucket {
    const bucket = buckets.get(name)
    if (bucket === undefined) throw new Error('NoSuchBucket')
    return bucket
  }

  async function takeBucketKey(caller: string, name: string, { keyId = MANAGED_KEY }: Bucket): Promise<DataKey> {
    const id = `${name} ${caller}`
    const key = bucketKeys.get(id) ?? (await drawDataKey(through(caller), keyId, contextOf(name)))
    bucketKeys.set(id, key)
    return key
  }

  async function openBucketKey(caller: string, name: string, sealed: Uint8Array): Promise<Uint8Array> {
    const known = bucketKeys.get(`${name} ${caller}`)
    if (known !== undefined && Buffer.compare(known.sealed, sealed) === 0) return known.plaintext
    return openDataKey(through(caller), sealed, contextOf(name))
  }

  return {
    createBucket: (name, bucket) => void buckets.set(name, bucket),
    async putObject(caller, name, key, body) {
      const bucket = bucketNamed(name)
      const path = `${name}/${key}`
      if (!bucket.hasBucketKey) {
        const sealed = await seal(through(caller), bucket.keyId ?? MANAGED_KEY, contextOf(path), body)
        objects.set(path, { type: 'own', sealed })
        return
      }
      const { plaintext, sealed } = await takeBucketKey(caller, name, bucket)
      const objectKey = crypto.getRandomValues(new Uint8Array(32))
      objects.set(path, {
        type: 'bucket',
        bucketKey: sealed,
        key: lock(plaintext, objectKey),
        body: lock(objectKey, Buffer.from(body)),
      })
    },
    async getObject(caller, name, key) {
      const path = `${name}/${key}`
      const object = objects.get(path)
      if (object === undefined) throw new Error('NoSuchKey')
      if (object.type === 'own') return open(through(caller), object.sealed, contextOf(path))
      const objectKey = unlock(await openBucketKey(caller, name, object.bucketKey), object.key)
      return Buffer.from(unlock(objectKey, object.body)).toString()
    },
  }
}

function contextOf(path: string): Record<string, string> {
  return { 'aws:s3:arn': `arn:aws:s3:::${path}` }
}
