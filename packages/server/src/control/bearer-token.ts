/**
 * The secret that a control request must carry, and how it is compared.
 *
 * @spec RFC 6750 §2.1
 */
import { singleHeader, type WireRequest } from '../http-message.ts'

/** The characters of a bearer token, and enough of them that nobody guesses. */
const TOKEN = /^(?=.{16,256}$)[A-Za-z0-9._~+/-]+=*$/

/** The scheme is written in any case, as for every scheme of HTTP. */
const CREDENTIALS = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i

const encoder: TextEncoder = new TextEncoder()

/** Whether `text` can be a control token: 16 to 256 of the characters that a bearer token may have. */
export function isControlToken(text: string): boolean {
  return TOKEN.test(text)
}

/**
 * @returns whether a request carries this token, in the only `Authorization` header that it has
 * @throws TypeError when the token is none; the message does not repeat it
 */
export function createTokenRule(token: string): (request: WireRequest) => boolean {
  if (!isControlToken(token)) throw new TypeError('control.token must be 16 to 256 characters of a bearer token')
  const expected = encoder.encode(token)
  return (request) => {
    const presented = CREDENTIALS.exec(singleHeader(request, 'authorization') ?? '')?.[1]
    return presented !== undefined && equalsSecret(expected, encoder.encode(presented))
  }
}

/** Takes a time that depends on the secret's length alone, wherever the first difference is. */
function equalsSecret(secret: Uint8Array, presented: Uint8Array): boolean {
  let difference = secret.length ^ presented.length
  for (let at = 0; at < secret.length; at += 1) difference |= (secret[at] ?? 0) ^ (presented[at] ?? 0)
  return difference === 0
}
