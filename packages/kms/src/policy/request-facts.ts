/**
 * What conditions can ask of a request, each answer worked out when a policy asks for it.
 *
 * @spec KMS authorization §6; IAM global condition keys
 */

import type { Instant } from '@softkms/lifecycle'
import type { GrantRecord } from '../grant/grant.ts'
import type { KeyRecord } from '../key/key.ts'
import type { Principal } from '../principal/principal.ts'
import type { Members } from '../request.ts'
import type { Scope } from '../scope.ts'
import { type ConditionKey, KMS_KEYS, KMS_KEY_FAMILIES } from './condition-keys.ts'
import { GLOBAL_KEYS, GLOBAL_KEY_FAMILIES } from './global-keys.ts'
import type { ConditionValues } from './request-context.ts'

/** The part of a key's record that conditions ask for. A key that is about to be made has it already. */
export type KeyFacts = Pick<
  KeyRecord,
  'account' | 'region' | 'keyId' | 'keySpec' | 'keyUsage' | 'origin' | 'policy' | 'tags'
> &
  Partial<Pick<KeyRecord, 'createdAt' | 'life' | 'managedBy'>>

export interface RequestFacts {
  readonly principal: Principal
  /** The caller's account, in the Region that was asked. */
  readonly scope: Scope
  readonly now: Instant
  /** Without `kms:`, such as `ReEncryptFrom`. */
  readonly action: string
  readonly input: Members
  readonly key?: KeyFacts | undefined
  /** The key that `CreateKey` would make, where the request itself does not say what it would be. */
  readonly planned?: KeyFacts | undefined
  /** Names of the key's aliases, when a policy asks for them. */
  readonly aliases?: readonly string[] | undefined
  /** The other key of ReEncrypt, when a policy asks for it. */
  readonly otherKey?: KeyFacts | undefined
  /** When the key was last used, or else made, when a policy asks for it. */
  readonly lastUsedAt?: Instant | undefined
  /** The grant that is to be retired. */
  readonly grant?: GrantRecord | undefined
  /** What the front door knows of the caller, by condition keys in lower case. */
  readonly session: ReadonlyMap<string, readonly string[]>
}

const KEYS: ReadonlyMap<string, ConditionKey> = new Map([...KMS_KEYS, ...GLOBAL_KEYS])
const FAMILIES = [...KMS_KEY_FAMILIES, ...GLOBAL_KEY_FAMILIES]

/** @returns a function that works each value out once */
export function createConditionValues(facts: RequestFacts): ConditionValues {
  const known = new Map<string, readonly string[] | undefined>()
  return (key) => {
    if (known.has(key)) return known.get(key)
    const values = readValues(key, facts)
    // A key with no value at all is absent.
    const found = values === undefined || values.length === 0 ? undefined : values
    known.set(key, found)
    return found
  }
}

function readValues(key: string, facts: RequestFacts): readonly string[] | undefined {
  const exact = KEYS.get(key)
  if (exact !== undefined) return applies(exact, facts) ? exact.read(facts, '') : undefined
  for (const [prefix, family] of FAMILIES) {
    if (!key.startsWith(prefix)) continue
    return applies(family, facts) ? family.read(facts, key.slice(prefix.length)) : undefined
  }
  return key.startsWith('aws:') ? facts.session.get(key) : undefined
}

function applies({ actions }: ConditionKey, { action, key }: RequestFacts): boolean {
  if (actions === 'all') return true
  return actions.has(action) || (key !== undefined && actions.has('any key'))
}
