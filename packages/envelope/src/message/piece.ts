/** One piece of a stream of bytes. */

/** @throws TypeError for anything but bytes, of whatever realm: a text would quietly become zeros */
export function assertPiece(piece: unknown): Uint8Array {
  if (Object.prototype.toString.call(piece) === '[object Uint8Array]' || piece instanceof Uint8Array) {
    return piece as Uint8Array
  }
  throw new TypeError('a stream must be of Uint8Arrays')
}
