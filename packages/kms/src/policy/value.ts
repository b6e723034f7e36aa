/**
 * The values that conditions compare: numbers, times, bytes, addresses and ARNs, read from text.
 *
 * Every reader gives `undefined` for text that is none; such a value is equal to nothing.
 *
 * @spec IAM policy reference, condition operators; RFC 4291 §2.2, RFC 4632
 */

const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/
const DATE = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const MS_PER_SECOND = 1000

export function parseNumber(text: string): number | undefined {
  return NUMBER.test(text) ? Number(text) : undefined
}

/** @returns milliseconds since 1970; the text is a W3C date and time, or seconds since 1970 */
export function parseDate(text: string): number | undefined {
  if (DATE.test(text)) {
    const isLocal = text.includes('T') && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)
    const at = Date.parse((isLocal ? `${text}Z` : text).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'))
    // Four digits are a year, as in the examples of AWS, and never that many seconds.
    return Number.isNaN(at) ? undefined : at
  }
  const seconds = parseNumber(text)
  return seconds === undefined ? undefined : seconds * MS_PER_SECOND
}

export function parseBoolean(text: string): boolean | undefined {
  const lower = text.toLowerCase()
  return lower === 'true' ? true : lower === 'false' ? false : undefined
}

/** Base64 is compared as the bytes that it writes; in its padded form no two texts write the same. */
export function parseBinary(text: string): string | undefined {
  return BASE64.test(text) ? text : undefined
}

/** A block of addresses; one address is a block of its own. */
export interface AddressBlock {
  readonly bits: 32 | 128
  readonly address: bigint
  readonly prefixLength: number
}

export function parseAddressBlock(text: string): AddressBlock | undefined {
  const [addressText = '', lengthText, ...rest] = text.split('/')
  if (rest.length > 0) return undefined
  const isV6 = addressText.includes(':')
  const address = isV6 ? parseV6(addressText) : parseV4(addressText)
  if (address === undefined) return undefined
  const bits = isV6 ? 128 : 32
  if (lengthText === undefined) return { bits, address, prefixLength: bits }
  const prefixLength = /^\d{1,3}$/.test(lengthText) ? Number(lengthText) : Number.NaN
  return prefixLength <= bits ? { bits, address, prefixLength } : undefined
}

/** Whether all of `inner` is inside `outer`. */
export function isInside(inner: AddressBlock, outer: AddressBlock): boolean {
  if (inner.bits !== outer.bits || inner.prefixLength < outer.prefixLength) return false
  const shift = BigInt(outer.bits - outer.prefixLength)
  return inner.address >> shift === outer.address >> shift
}

function parseV4(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let address = 0n
  for (const part of parts) {
    if (!/^(?:0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return undefined
    address = (address << 8n) | BigInt(part)
  }
  return address
}

function parseV6(text: string): bigint | undefined {
  const [head = '', tail, ...rest] = text.split('::')
  if (rest.length > 0) return undefined
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  if (before === undefined || after === undefined) return undefined
  const missing = 8 - before.length - after.length
  // A double colon stands for one group of zeros at least.
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...before, ...Array.from({ length: missing }, () => 0n), ...after]
  return groups.reduce((address, group) => (address << 16n) | group, 0n)
}

function groupsOf(text: string): readonly bigint[] | undefined {
  if (text === '') return []
  const groups: bigint[] = []
  const parts = text.split(':')
  for (const [i, part] of parts.entries()) {
    if (i === parts.length - 1 && part.includes('.')) {
      const v4 = parseV4(part)
      if (v4 === undefined) return undefined
      groups.push(v4 >> 16n, v4 & 0xffffn)
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined
      groups.push(BigInt(`0x${part}`))
    }
  }
  return groups
}

const ARN_PARTS = 6

/** The six parts of an ARN; the last keeps its colons. */
export function splitArn(text: string): readonly string[] | undefined {
  const parts: string[] = []
  let from = 0
  while (parts.length < ARN_PARTS - 1) {
    const colon = text.indexOf(':', from)
    if (colon === -1) return undefined
    parts.push(text.slice(from, colon))
    from = colon + 1
  }
  parts.push(text.slice(from))
  return parts[0] === 'arn' ? parts : undefined
}
