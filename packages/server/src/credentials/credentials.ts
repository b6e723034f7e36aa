/**
 * Whose signatures a server knows: the port, and an implementation in memory.
 *
 * Here are secrets of the callers, which a server that verifies cannot do without. No message holds one.
 */

import { parsePrincipal } from '@softkms/kms'

export interface KnownCredential {
  readonly secretAccessKey: string
  /** That of a session, which a request must carry; a long-term key has none, and a request must carry none. */
  readonly sessionToken?: string | undefined
  /** When a session ends. It does not when absent. */
  readonly expiration?: Date | undefined
  /** The ARN of who signs: a user, an account's root, a role session, a federated user. */
  readonly principal: string
}

export interface Credentials {
  /** Asked with every request; any text may come. @returns `undefined` for an access key that nobody has */
  find(accessKeyId: string): KnownCredential | undefined | Promise<KnownCredential | undefined>
}

export interface CredentialEntry extends KnownCredential {
  /** 16 to 128 letters, digits and underscores, as AWS has it. */
  readonly accessKeyId: string
}

export interface MemoryCredentials extends Credentials {
  /** Adds a credential, or takes the place of the one with its access key. @throws RangeError as `createCredentials` */
  set(entry: CredentialEntry): void
  /** @returns whether it was there */
  delete(accessKeyId: string): boolean
}

/** @throws RangeError for an entry that cannot be, naming its member and no secret */
export function createCredentials(entries: readonly CredentialEntry[] = []): MemoryCredentials {
  const known = new Map<string, KnownCredential>()
  const set = (entry: CredentialEntry): void => {
    const fault = findFault(entry)
    if (fault !== undefined) throw new RangeError(`${fault.member} ${fault.rule}`)
    const { accessKeyId, secretAccessKey, sessionToken, expiration, principal } = entry
    // A Date can be changed by whoever gave it.
    known.set(accessKeyId, { secretAccessKey, sessionToken, expiration: expiration && new Date(expiration), principal })
  }
  for (const entry of entries) set(entry)
  return {
    find: (accessKeyId) => known.get(accessKeyId),
    set,
    delete: (accessKeyId) => known.delete(accessKeyId),
  }
}

export interface CredentialFault {
  readonly member: keyof CredentialEntry
  readonly rule: string
}

/** @returns what is wrong with an entry, if anything */
export function findFault(entry: CredentialEntry): CredentialFault | undefined {
  const { accessKeyId, secretAccessKey, sessionToken, expiration, principal } = entry
  if (!/^\w{16,128}$/.test(accessKeyId)) {
    return { member: 'accessKeyId', rule: 'must be 16 to 128 letters, digits and underscores' }
  }
  if (!isVisible(secretAccessKey, 256))
    return { member: 'secretAccessKey', rule: 'must be 1 to 256 visible characters' }
  if (sessionToken !== undefined && !isVisible(sessionToken, 4096)) {
    return { member: 'sessionToken', rule: 'must be 1 to 4096 visible characters' }
  }
  const signer = parsePrincipal(principal)
  // A service has no access keys of its own.
  if (signer?.account === undefined) return { member: 'principal', rule: 'must be the ARN of who signs' }
  if (sessionToken === undefined && (signer.type === 'assumed-role' || signer.type === 'federated-user')) {
    return { member: 'sessionToken', rule: 'must be there for a session' }
  }
  if (expiration !== undefined && Number.isNaN(expiration.getTime())) {
    return { member: 'expiration', rule: 'must be a time' }
  }
  if (expiration !== undefined && sessionToken === undefined) {
    return { member: 'expiration', rule: 'is for a session, which has a session token' }
  }
  return undefined
}

/** What a header can carry as it is. */
function isVisible(text: string, mostCharacters: number): boolean {
  return typeof text === 'string' && text.length <= mostCharacters && /^[\x21-\x7e]+$/.test(text)
}
