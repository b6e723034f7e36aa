/** A service that puts one thing at a time away for its callers, each under a data key of its own: ECR, Glue, Kinesis. */
import type { Kms } from 'softkms'
import { type Context, type Sealed, open, seal } from './sealed.ts'

export interface Shelf {
  put(caller: string, name: string, value: string): Promise<void>
  get(caller: string, name: string): Promise<string>
}

interface ShelfOptions {
  readonly service: string
  readonly keyId: string
  readonly contextOf: (name: string) => Context
}

function createShelf(kms: Kms, { service, keyId, contextOf }: ShelfOptions): Shelf {
  const things = new Map<string, Sealed>()
  const through = (caller: string) => kms.asService(service, { onBehalfOf: caller })
  return {
    put: async (caller, name, value) =>
      void things.set(name, await seal(through(caller), keyId, contextOf(name), value)),
    async get(caller, name) {
      const thing = things.get(name)
      if (thing === undefined) throw new Error('NotFound')
      return open(through(caller), thing, contextOf(name))
    },
  }
}

/** A registry keeps layers as objects of its own in S3. */
export function createRegistry(kms: Kms, repository: string, keyId: string): Shelf {
  const { account, region } = kms.defaults
  return createShelf(kms, {
    service: 'ecr.amazonaws.com',
    keyId,
    contextOf: (digest) => ({
      'aws:s3:arn': `arn:aws:s3:::layers/${digest}`,
      'aws:ecr:arn': `arn:aws:ecr:${region}:${account}:repository/${repository}`,
    }),
  })
}

/** The metadata of an account's tables. */
export function createDataCatalog(kms: Kms, keyId: string): Shelf {
  return createShelf(kms, {
    service: 'glue.amazonaws.com',
    keyId,
    contextOf: () => ({ glue_catalog_id: kms.defaults.account }),
  })
}

export function createStream(kms: Kms, name: string, keyId: string): Shelf {
  const { account, region } = kms.defaults
  return createShelf(kms, {
    service: 'kinesis.amazonaws.com',
    keyId,
    contextOf: () => ({ 'aws:kinesis:arn': `arn:aws:kinesis:${region}:${account}:stream/${name}` }),
  })
}
