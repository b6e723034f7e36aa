/**
 * Grant tokens: what makes a new grant count before everybody has heard of it.
 *
 * A token names its grant and gives no right by itself. It is the token of a key that nobody uses, whose id says which
 * grant it is for: the HSM authenticates that, so a token that was altered, made up or brought from elsewhere is found
 * out, and nothing about tokens is kept in the store.
 *
 * @spec KMS authorization §4; crypto-details §11
 */

import { type Hsm, HsmError, type KeyToken } from '@softkms/hsm'
import { KmsError } from '../errors.ts'
import { type KeyId, formatKeyArn, parseKeyReference } from '../key/key-id.ts'
import { decodeBase64Url, encodeBase64Url } from '../paging/base64url.ts'
import type { Scope } from '../scope.ts'
import { type GrantId, type GrantRecord, isGrantId } from './grant.ts'

const TOKEN_KEY_ID = /^grant\|(?<arn>[^|]+)\|(?<grantId>[0-9a-f]{64})$/

/** What a token names. The grant may have ended. */
export interface NamedGrant extends Scope {
  readonly keyId: KeyId
  readonly grantId: GrantId
}

/** A fresh token; all tokens of a grant are worth the same. */
export async function issueGrantToken(hsm: Hsm, grant: GrantRecord): Promise<string> {
  const { token } = await hsm.generateKey({
    keyId: `grant|${formatKeyArn(grant, grant.keyId)}|${grant.grantId}`,
    keySpec: 'HMAC_256',
    keyUsage: 'GENERATE_VERIFY_MAC',
    origin: 'AWS_KMS',
  })
  await hsm.unload(token)
  return encodeBase64Url(String.fromCharCode(...token))
}

/**
 * @param region where the request is
 * @throws KmsError `InvalidGrantTokenException` for a token that this KMS did not give out in this Region
 */
export async function openGrantToken(hsm: Hsm, region: string, text: string): Promise<NamedGrant> {
  const { arn, grantId } = TOKEN_KEY_ID.exec(await readKeyId(hsm, text))?.groups ?? {}
  if (arn === undefined || grantId === undefined || !isGrantId(grantId)) throw invalidToken()
  const reference = parseKeyReference(arn)
  if (reference.type !== 'key' || reference.scope?.region !== region) throw invalidToken()
  return { ...reference.scope, keyId: reference.keyId, grantId }
}

async function readKeyId(hsm: Hsm, text: string): Promise<string> {
  const token = decodeToken(text)
  try {
    const { keyId } = await hsm.describeKey(token)
    return keyId
  } catch (error) {
    if (error instanceof HsmError && error.code === 'INVALID_TOKEN') throw invalidToken()
    throw error
  } finally {
    await hsm.unload(token)
  }
}

/** The token that `text` writes, and that is written in no other way. */
function decodeToken(text: string): KeyToken {
  let bytes: string
  try {
    bytes = decodeBase64Url(text)
  } catch {
    throw invalidToken()
  }
  if (encodeBase64Url(bytes) !== text) throw invalidToken()
  return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)) as KeyToken
}

function invalidToken(): KmsError {
  return new KmsError('InvalidGrantTokenException', 'The grant token is not valid.')
}
