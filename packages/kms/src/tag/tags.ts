/**
 * The rules of tags.
 *
 * @spec wire §4 (TagException); KMS operations, TagResource
 */

import { KmsError } from '../errors.ts'
import type { Tag } from '../generated/types.ts'
import type { KeyTag } from '../key/key.ts'
import type { Valid } from '../shape/valid.ts'

const MAX_TAGS = 50
const RESERVED_PREFIX = 'aws:'

/**
 * Reads the tags of a request.
 *
 * @throws KmsError `TagException` for a reserved or repeated key, or too many
 */
export function parseTags(members: readonly Valid<Tag>[]): readonly KeyTag[] {
  const tags = members.map(({ TagKey, TagValue }): KeyTag => ({ key: TagKey, value: TagValue }))
  assertNoReservedKeys(tags.map((tag) => tag.key))
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) throw new KmsError('TagException', 'Duplicate tag keys')
  return assertNotTooMany(tags)
}

/** Adds tags, overwriting those with the same key in place. */
export function mergeTags(current: readonly KeyTag[], added: readonly KeyTag[]): readonly KeyTag[] {
  const merged = new Map([...current, ...added].map((tag) => [tag.key, tag]))
  return assertNotTooMany([...merged.values()])
}

/** Removes tags; a key that is not there is no fault. */
export function removeTags(current: readonly KeyTag[], keys: readonly string[]): readonly KeyTag[] {
  return current.filter((tag) => !keys.includes(tag.key))
}

/** @throws KmsError `TagException` */
export function assertNoReservedKeys(keys: readonly string[]): void {
  if (keys.some((key) => key.toLowerCase().startsWith(RESERVED_PREFIX))) {
    throw new KmsError('TagException', 'Tags beginning with aws: are reserved')
  }
}

function assertNotTooMany(tags: readonly KeyTag[]): readonly KeyTag[] {
  if (tags.length > MAX_TAGS) throw new KmsError('TagException', 'Too many tags')
  return tags
}
