/**
 * Which `Host` values are ours. A page that rebinds its own name to 127.0.0.1 is same-origin with itself, so the
 * name it must send is what gives it away.
 *
 * @spec RFC 9112 §3.2, RFC 6761 §6.3 (`localhost.` always means loopback)
 */

/** KMS endpoints, FIPS, dual-stack, China and VPC, for clients whose resolver or proxy brings those names here. */
const KMS_ENDPOINT =
  /^(?:vpce-[a-z0-9-]+\.)?kms(?:-fips)?\.([a-z0-9-]+)\.(?:vpce\.)?(?:amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/

/** A host name or an address, IPv6 in brackets, and perhaps a port. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/

/**
 * The name in a `Host` value, in lower case, without port and final dot.
 *
 * @returns `undefined` for anything that is no host
 */
function parseHostName(host: string): string | undefined {
  const name = HOST.exec(host.toLowerCase())?.[1]
  return name?.endsWith('.') === true ? name.slice(0, -1) : name
}

/**
 * @param allowedHosts names besides the loopback ones and the KMS endpoints, without port
 * @throws TypeError when one of them is no host name
 */
export function createHostRule(allowedHosts: readonly string[]): (host: string) => boolean {
  const names = new Set(['localhost', '127.0.0.1', '[::1]'])
  for (const allowed of allowedHosts) {
    const name = parseAllowedHost(allowed)
    if (name === undefined) throw new TypeError(`allowedHosts: '${allowed}' is not a host name without port`)
    names.add(name)
  }
  return (host) => {
    const name = parseHostName(host)
    return name !== undefined && (names.has(name) || name.endsWith('.localhost') || KMS_ENDPOINT.test(name))
  }
}

/** The Region that a KMS endpoint's name says; `undefined` for any other host. */
export function regionOfEndpoint(host: string): string | undefined {
  return KMS_ENDPOINT.exec(parseHostName(host) ?? '')?.[1]
}

/** Whether `text` can be an allowed host: a name or an address without port. IPv6 may be in brackets or bare. */
export function isHostName(text: string): boolean {
  return parseAllowedHost(text) !== undefined
}

function parseAllowedHost(text: string): string | undefined {
  const bracketed = /^[0-9a-f.]*(?::[0-9a-f.]*){2,}$/i.test(text) ? `[${text}]` : text
  const hasPort = /:\d+$/.test(bracketed)
  return hasPort ? undefined : parseHostName(bracketed)
}
