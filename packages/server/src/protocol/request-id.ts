/** A version 4 UUID that names one request in its answer and in the audit trail. */

export function createRequestId(): string {
  // Pages that are not secure contexts have getRandomValues but no randomUUID.
  return typeof crypto.randomUUID === 'function'
    ? crypto.randomUUID()
    : formatUuid(crypto.getRandomValues(new Uint8Array(16)))
}

/** @spec RFC 9562 §5.4 */
function formatUuid(random: Uint8Array): string {
  const hex = Array.from(random, (byte, index) => {
    const value = index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte
    return value.toString(16).padStart(2, '0')
  }).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
