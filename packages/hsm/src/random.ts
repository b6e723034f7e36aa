/** How much may be drawn at once: for GenerateRandom and for data keys, 1 to 1024 bytes. */

const MAX_RANDOM_LENGTH = 1024

/** @throws RangeError */
export function assertRandomLength(name: string, length: number): void {
  if (Number.isSafeInteger(length) && length >= 1 && length <= MAX_RANDOM_LENGTH) return
  throw new RangeError(`${name} must be 1 to ${MAX_RANDOM_LENGTH} bytes`)
}
