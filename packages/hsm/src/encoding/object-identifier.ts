/**
 * Object identifiers: dotted text and the content of their DER value.
 *
 * An arc beyond 2^53 is refused: such identifiers exist (those made of UUIDs), but no algorithm of this package has one.
 *
 * @spec X.690 §8.19
 */

/** Base 128 by multiplication, so that no arc is cut at 32 bits. */
const BASE = 128
/** The first two arcs share a number: 40 times the first, plus the second. */
const FIRST_ARC_FACTOR = 40

/** @returns the dotted form, or `undefined` for content that DER forbids */
export function formatObjectIdentifier(content: Uint8Array): string | undefined {
  const numbers: number[] = []
  let number = 0
  let isComplete = true
  for (const byte of content) {
    // A leading 80 would be padding. §8.19.2
    if (isComplete && byte === 0x80) return undefined
    number = number * BASE + (byte & 0x7f)
    if (!Number.isSafeInteger(number)) return undefined
    isComplete = byte < 0x80
    if (isComplete) {
      numbers.push(number)
      number = 0
    }
  }
  const [first, ...rest] = numbers
  if (first === undefined || !isComplete) return undefined
  const firstArc = Math.min(Math.floor(first / FIRST_ARC_FACTOR), 2)
  return [firstArc, first - firstArc * FIRST_ARC_FACTOR, ...rest].join('.')
}

/** @param dotted a constant of this package; it is not checked */
export function encodeObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  return Uint8Array.from([first * FIRST_ARC_FACTOR + second, ...rest].flatMap(encodeNumber))
}

function encodeNumber(number: number): readonly number[] {
  const digits = [number % BASE]
  for (let rest = Math.floor(number / BASE); rest > 0; rest = Math.floor(rest / BASE)) {
    digits.unshift((rest % BASE) | 0x80)
  }
  return digits
}
