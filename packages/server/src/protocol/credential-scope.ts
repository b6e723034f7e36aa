/**
 * Who a request says it is from, and for which Region: the credential scope of a Signature Version 4 request.
 *
 * Nothing is verified here. The signature is not computed and the access key is not looked up; a request without any
 * is admitted under the service's defaults. What is refused is what AWS could not read either, in AWS's words but
 * without its echo of the header.
 *
 * @spec SigV4 Authorization header, presigned query string
 */
import { isAccount, type KmsService, type Scope } from '@softkms/kms'
import type { WireRequest } from '../http-message.ts'
import type { Refusal } from '../refusal.ts'
import { parseCredential } from './sigv4/credential.ts'
import { readSignature } from './sigv4/presented-signature.ts'

/** Account and Region, and the principal where the service's defaults name one. */
export type CallerScope = Scope & KmsService['defaults']

export type ScopeResult = { readonly scope: CallerScope } | { readonly refusal: Refusal }

/**
 * @param defaults what an unsigned request gets, and the account of an access key that is not itself an account id
 */
export function readScope(request: WireRequest, defaults: CallerScope): ScopeResult {
  const presented = readSignature(request)
  if (presented === undefined) return { scope: defaults }
  if (presented.refusal !== undefined) return presented
  const credential = parseCredential(presented)
  if (credential.refusal !== undefined) return credential
  const { accessKeyId, region } = credential
  return { scope: isAccount(accessKeyId) ? { account: accessKeyId, region } : { ...defaults, region } }
}
