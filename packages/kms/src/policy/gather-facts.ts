/**
 * What conditions cannot wait for is looked up before a decision, and only when a policy asks for it.
 *
 * @spec KMS authorization §6 (kms:ResourceAliases, kms:ReEncryptOnSameKey, kms:TrailingDaysWithoutKeyUsage)
 */

import type { Instant } from '@softkms/lifecycle'
import type { AliasName } from '../key/key-id.ts'
import type { Store } from '../store/store.ts'
import type { KeyUses } from '../usage/use-recorder.ts'
import type { AccessQuestion } from './access.ts'
import type { AuthorizedRequest } from './authorize.ts'
import { findOtherKey } from './other-key.ts'
import type { KeyFacts, RequestFacts } from './request-facts.ts'

/** A key with more aliases than this is refused to policies that ask for their names. */
export const MAX_ALIASES = 50

/** @param isAskedFor whether any policy of the decision asks for a condition key, in lower case */
export async function gatherFacts(
  { store, uses }: { readonly store: Store; readonly uses: KeyUses },
  question: AccessQuestion,
  { principal, scope, now, input, session }: AuthorizedRequest,
  isAskedFor: (name: string) => boolean,
): Promise<RequestFacts> {
  const action = question.action.slice('kms:'.length)
  const facts: RequestFacts = { principal, scope, now, action, input, session }
  if (question.about === 'nothing' && question.planned !== undefined) {
    const { planned } = question
    return { ...facts, scope: { ...scope, region: planned.region }, planned }
  }
  if (question.about !== 'key') return facts
  const { key, grant } = question
  const aliases = isAskedFor('kms:resourcealiases') ? await readAliases(store, key) : undefined
  const isReEncrypt = action === 'ReEncryptFrom' || action === 'ReEncryptTo'
  const otherKey =
    isReEncrypt && isAskedFor('kms:reencryptonsamekey') ? await findOtherKey(store, scope, action, input) : undefined
  const isFarewell = action === 'DisableKey' || action === 'ScheduleKeyDeletion'
  const lastUsedAt =
    isFarewell && isAskedFor('kms:trailingdayswithoutkeyusage') ? await readLastUse(uses, key) : undefined
  return { ...facts, key, aliases, otherKey, grant, lastUsedAt }
}

/** A key that was never used has been out of use since it was made; so long it has been watched, too. */
async function readLastUse(uses: KeyUses, { createdAt, ...key }: KeyFacts): Promise<Instant | undefined> {
  // A key that is about to be made is not asked whether it was used.
  if (createdAt === undefined) return undefined
  return (await uses.lastUse({ ...key, createdAt }))?.at ?? createdAt
}

/** One more than a policy may ask for, when there are so many. */
async function readAliases(store: Store, key: KeyFacts): Promise<readonly AliasName[]> {
  const { items } = await store.listAliases(key, { limit: MAX_ALIASES + 1 }, key.keyId)
  return items.map(({ aliasName }) => aliasName)
}
