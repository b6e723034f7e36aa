/**
 * Who a request says it is from, and for which Region: the credential scope of a Signature Version 4 request.
 *
 * Nothing is verified here. The signature is not computed and the access key is not looked up; a request without any
 * is admitted under the service's defaults. What is refused is what AWS could not read either, in AWS's words but
 * without its echo of the header.
 *
 * @spec SigV4 Authorization header, presigned query string
 */
import { isAccount, isRegion, type KmsService, type Scope } from '@softkms/kms'
import { pathOf, type WireRequest } from '../http-message.ts'
import { refuse, type Refusal } from '../refusal.ts'

/** Account and Region, and the principal where the service's defaults name one. */
export type CallerScope = Scope & KmsService['defaults']

export type ScopeResult = { readonly scope: CallerScope } | { readonly refusal: Refusal }

const ALGORITHM = 'AWS4-HMAC-SHA256'
/**
 * @param defaults what an unsigned request gets, and the account of an access key that is not itself an account id
 */
export function readScope(request: WireRequest, defaults: CallerScope): ScopeResult {
  const headers = request.headerValues('authorization')
  const query = request.target.slice(pathOf(request.target).length + 1)
  const isPresigned = query.includes('X-Amz-')
  const authorization = headers[0]
  if (authorization !== undefined) {
    if (headers.length > 1) return incomplete('Authorization header must be given once.')
    if (isPresigned && new URLSearchParams(query).has('X-Amz-Algorithm')) {
      return invalid("Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.")
    }
    return readAuthorization(authorization, defaults)
  }
  return isPresigned ? readPresigned(new URLSearchParams(query), defaults) : { scope: defaults }
}

function readAuthorization(header: string, defaults: CallerScope): ScopeResult {
  const [algorithm = ''] = header.split(' ', 1)
  const parameters = new Map<string, string>()
  for (const part of header.slice(algorithm.length).split(/[\s,]+/)) {
    const equals = part.indexOf('=')
    if (equals > 0) parameters.set(part.slice(0, equals), part.slice(equals + 1))
  }
  const missing = ['Credential', 'Signature', 'SignedHeaders'].filter((name) => !parameters.get(name))
  if (missing.length > 0) {
    return incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '))
  }
  return readCredential(algorithm, parameters.get('Credential') ?? '', defaults)
}

function readPresigned(query: URLSearchParams, defaults: CallerScope): ScopeResult {
  const required = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-SignedHeaders', 'X-Amz-Date']
  const missing = required.filter((name) => !query.get(name))
  if (missing.length > 0) {
    const list = missing.map((name) => `AWS query-string parameters must include '${name}'.`)
    return incomplete(`${list.join(' ')} Re-examine the query-string parameters.`)
  }
  return readCredential(query.get('X-Amz-Algorithm') ?? '', query.get('X-Amz-Credential') ?? '', defaults)
}

function readCredential(algorithm: string, credential: string, defaults: CallerScope): ScopeResult {
  if (algorithm !== ALGORITHM) {
    return incomplete(`Unsupported AWS 'algorithm': only ${ALGORITHM} for now.`)
  }
  const [accessKeyId, date, region, service, terminator, ...rest] = credential.split('/')
  if (!accessKeyId || !date || region === undefined || terminator === undefined || rest.length > 0) {
    return incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.')
  }
  const faults: string[] = []
  if (!isRegion(region)) faults.push('Credential should be scoped to a valid region.')
  if (service !== 'kms') faults.push("Credential should be scoped to correct service: 'kms'.")
  if (terminator !== 'aws4_request') {
    faults.push("Credential should be scoped with a valid terminator: 'aws4_request'.")
  }
  if (faults.length > 0) return invalid(faults.join(' '))
  return { scope: isAccount(accessKeyId) ? { account: accessKeyId, region } : { ...defaults, region } }
}

function incomplete(message: string): ScopeResult {
  return { refusal: refuse(400, 'IncompleteSignatureException', message) }
}

function invalid(message: string): ScopeResult {
  return { refusal: refuse(400, 'InvalidSignatureException', message) }
}
