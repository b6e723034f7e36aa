/**
 * What the tools have in common: clients for Regions, and asking again until what they changed is seen.
 *
 * Time is turned with each question, so that a tool that waits ten minutes takes none, and what takes time in AWS takes
 * several questions here.
 */
import { KMS, type KMSServiceException } from '@aws-sdk/client-kms'
import { requestHandler } from 'softkms'
import { REGION, startKms } from '../../support/kms-fixture.ts'
import { watchDecoding } from '../../support/sdk-decoding.ts'
import type { VirtualClock } from '../../support/virtual-clock.ts'

/** Longer than one question and shorter than any tool's patience. */
const REPLICATION_MS = 30_000
const MOST_QUESTIONS = 600

export interface Poll {
  /** How often in a row the answer must be yes. */
  readonly times?: number
  readonly everyMs?: number
}

export class Tool {
  readonly kms: KMS
  readonly clock: VirtualClock
  readonly #clientIn: (region: string) => KMS

  private constructor(clock: VirtualClock, clientIn: (region: string) => KMS) {
    this.clock = clock
    this.#clientIn = clientIn
    this.kms = clientIn(REGION)
  }

  static async start(): Promise<Tool> {
    const { kms, clock } = await startKms({ replicationMs: REPLICATION_MS })
    const credentials = { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'any' }
    const handler = requestHandler(kms)
    return new Tool(clock, (region) => {
      const client = new KMS({ region, credentials, requestHandler: handler, maxAttempts: 1 })
      watchDecoding(client)
      return client
    })
  }

  inRegion(region: string): KMS {
    return this.#clientIn(region)
  }

  /** @returns how many questions it took */
  async waitUntil(isSeen: () => Promise<boolean>, { times = 1, everyMs = 1000 }: Poll = {}): Promise<number> {
    for (let asked = 1, inARow = 0; asked <= MOST_QUESTIONS; asked++) {
      inARow = (await isSeen()) ? inARow + 1 : 0
      if (inARow === times) return asked
      this.clock.advance(everyMs)
    }
    throw new Error(`was not seen in ${MOST_QUESTIONS} questions`)
  }
}

/** `undefined` in place of an error of this name, and of this text if one is given. */
export async function unless<Answer>(name: string, attempt: Promise<Answer>, text = ''): Promise<Answer | undefined> {
  try {
    return await attempt
  } catch (error) {
    const { name: told, message } = error as KMSServiceException
    if (told === name && message.includes(text)) return undefined
    throw error
  }
}

/** Policies mean the same when they are the same JSON, however it is written. */
export function isSamePolicy(one: string | undefined, other: string | undefined): boolean {
  return normalize(one) === normalize(other)
}

function normalize(policy = ''): string {
  return JSON.stringify(JSON.parse(policy))
}

/** Tags as the tools keep them. */
export type Tags = Readonly<Record<string, string>>

export function tagList(tags: Tags): { TagKey: string; TagValue: string }[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))
}

/** All tags of a key, a page at a time. */
export async function readTags(kms: KMS, KeyId: string): Promise<Tags> {
  const tags: Record<string, string> = {}
  let Marker: string | undefined
  do {
    const page = await kms.listResourceTags({ KeyId, Marker, Limit: 1 })
    for (const { TagKey = '', TagValue = '' } of page.Tags ?? []) tags[TagKey] = TagValue
    Marker = page.NextMarker
  } while (Marker !== undefined)
  return tags
}
