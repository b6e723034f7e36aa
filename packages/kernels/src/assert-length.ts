/** @throws RangeError for anything but `length` bytes */
export function assertLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} must be ${length} bytes`)
}
