/**
 * Who asks: what a request says for itself, believed or verified.
 */
import type { Caller, KmsService } from '@softkms/kms'
import type { WireRequest } from '../http-message.ts'
import type { Refusal } from '../refusal.ts'
import { readCallerHeader } from './caller-header.ts'
import { readScope } from './credential-scope.ts'
import { createVerifier, type SigV4Options } from './sigv4/verify.ts'

export interface AuthenticationOptions {
  /** Verifies signatures: who signs is who asks. Without it nothing is verified, and requests need no signature. */
  readonly auth?: SigV4Options | undefined
  /**
   * Whether a client may say who it is in the header `x-softkms-caller`, the ARN of any principal. Only for clients
   * that may be anybody.
   */
  readonly trustCallerHeader?: boolean | undefined
}

export interface Identified {
  readonly refusal?: never
  readonly caller: Pick<Caller, 'account' | 'region' | 'principal' | 'conditionKeys'>
}

/** A request against which its headers say nothing. */
export interface Admitted {
  readonly refusal?: never
  /** @param body the whole of it, before anything is made of it */
  identify(body: Uint8Array): Identified | { readonly refusal: Refusal }
}

type Admission = Admitted | { readonly refusal: Refusal }

/** Judges a request before its body is read. */
export type Authenticator = (request: WireRequest) => Admission | Promise<Admission>

/**
 * @throws TypeError when callers shall be both verified and believed
 * @throws RangeError for a skew that cannot be meant
 */
export function createAuthenticator(
  kms: KmsService,
  { auth, trustCallerHeader = false }: AuthenticationOptions,
): Authenticator {
  if (auth === undefined) return (request) => believe(request, kms, trustCallerHeader)
  if (trustCallerHeader) throw new TypeError('trustCallerHeader excludes auth: who signs is who asks')
  const admit = createVerifier(auth)
  return (request) => {
    const named = readCallerHeader(request, false)
    return named.refusal === undefined ? admit(request) : { refusal: named.refusal }
  }
}

function believe(request: WireRequest, { defaults }: KmsService, trustCallerHeader: boolean): Admission {
  const scoped = readScope(request, defaults)
  if ('refusal' in scoped) return scoped
  const named = readCallerHeader(request, trustCallerHeader)
  if (named.refusal !== undefined) return { refusal: named.refusal }
  const caller = named.caller === undefined ? scoped.scope : { ...named.caller, region: scoped.scope.region }
  return { identify: () => ({ caller }) }
}
