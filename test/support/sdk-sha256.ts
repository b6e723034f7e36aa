/** SHA-256 and HMAC as the AWS SDK's signer wants them. */
import { type Hash, type Hmac, createHash, createHmac } from 'node:crypto'

export class Sha256 {
  readonly #state: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#state =
      secret === undefined
        ? createHash('sha256')
        : createHmac('sha256', typeof secret === 'string' ? secret : new Uint8Array(toBytes(secret)))
  }
  update(part: string | Uint8Array): void {
    this.#state.update(part)
  }
  reset(): void {}
  async digest(): Promise<Uint8Array> {
    return this.#state.digest()
  }
}

function toBytes(source: ArrayBuffer | ArrayBufferView): Uint8Array {
  return ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
}
