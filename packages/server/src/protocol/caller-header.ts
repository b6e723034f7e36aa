/**
 * `x-softkms-caller`: the header in which a client names itself, for tests of policies over HTTP.
 *
 * It is a claim and nothing else, so it is taken only where the operator said so. Where he did not, a request that
 * carries it is refused: to drop it silently would be to answer somebody else than the client believes to be.
 */
import { parsePrincipal } from '@softkms/kms'
import type { WireRequest } from '../http-message.ts'
import { refuse, type Refusal } from '../refusal.ts'

const HEADER = 'x-softkms-caller'

export type NamedCaller =
  | { readonly refusal: Refusal }
  | { readonly refusal?: never; readonly caller?: { readonly account: string; readonly principal: string } }

/** @returns no caller for a request that names none */
export function readCallerHeader(request: WireRequest, isTrusted: boolean): NamedCaller {
  const values = request.headerValues(HEADER)
  const [value] = values
  if (value === undefined) return {}
  if (!isTrusted) return { refusal: denied(`${HEADER} is not trusted by this server; see --trust-caller-header`) }
  const principal = values.length === 1 ? parsePrincipal(value) : undefined
  if (principal?.account === undefined) return { refusal: denied(`${HEADER} must be the ARN of one principal`) }
  return { caller: { account: principal.account, principal: principal.arn } }
}

function denied(message: string): Refusal {
  return refuse(403, 'AccessDeniedException', message)
}
