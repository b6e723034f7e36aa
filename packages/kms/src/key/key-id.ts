/**
 * The names that a request may give a key: key id, key ARN, alias name, alias ARN.
 *
 * Branded, so that only what was parsed here is ever looked up.
 *
 * @spec KMS crypto-details §11
 */

import { KmsError } from '../errors.ts'
import { type Scope, isRegion, partitionOf } from '../scope.ts'

declare const keyIdBrand: unique symbol
declare const aliasNameBrand: unique symbol

/** A UUID, or `mrk-` and 32 hexadecimal digits. */
export type KeyId = string & { readonly [keyIdBrand]: true }

/** `alias/` and a name. */
export type AliasName = string & { readonly [aliasNameBrand]: true }

/** What a text names: a key or an alias, and where, when an ARN says so. */
export type KeyReference =
  | { readonly type: 'key'; readonly keyId: KeyId; readonly scope?: Scope }
  | { readonly type: 'alias'; readonly aliasName: AliasName; readonly scope?: Scope }

const KEY_PREFIX = 'key/'
const ALIAS_PREFIX = 'alias/'
const KEY_ID = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32})$/i
const ALIAS_NAME = /^alias\/[a-zA-Z0-9/_-]+$/
const ARN = /^arn:(?<partition>[^:]*):kms:(?<region>[^:]*):(?<account>[0-9]{12}):(?<resource>(?:key|alias)\/.+)$/

export function isAliasName(text: string): text is AliasName {
  return ALIAS_NAME.test(text)
}

/**
 * Reads any of the four forms.
 *
 * @throws KmsError `InvalidArnException` for a malformed ARN, `NotFoundException` for a malformed key id or alias name
 */
export function parseKeyReference(text: string): KeyReference {
  if (!text.startsWith('arn:')) return text.startsWith(ALIAS_PREFIX) ? parseAlias(text, text) : parseKeyId(text, text)
  const { partition, region, account, resource } = ARN.exec(text)?.groups ?? {}
  if (
    region === undefined ||
    account === undefined ||
    resource === undefined ||
    !isRegion(region) ||
    partition !== partitionOf(region)
  ) {
    throw new KmsError('InvalidArnException', `Invalid arn ${text}`)
  }
  const named = resource.startsWith(KEY_PREFIX)
    ? parseKeyId(resource.slice(KEY_PREFIX.length), text)
    : parseAlias(resource, text)
  return { ...named, scope: { account, region } }
}

function parseAlias(name: string, text: string): KeyReference {
  if (!isAliasName(name)) throw new KmsError('NotFoundException', `Invalid alias '${text}'`)
  return { type: 'alias', aliasName: name }
}

function parseKeyId(name: string, text: string): KeyReference {
  if (!KEY_ID.test(name)) throw new KmsError('NotFoundException', `Invalid keyId '${text}'`)
  return { type: 'key', keyId: name as KeyId }
}

export function formatKeyArn({ account, region }: Scope, keyId: KeyId): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:key/${keyId}`
}

/** `aliasName` begins with `alias/`. */
export function formatAliasArn({ account, region }: Scope, aliasName: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${aliasName}`
}
