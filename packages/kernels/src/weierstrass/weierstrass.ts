/**
 * The curves P-256, P-384, P-521 and secp256k1, as functions.
 *
 * Each curve is a module of its own. It makes a table of the base point's multiples when it is first needed: from 110 KB
 * for 256 bits to 500 KB for 521, and never more. Everything else in its memory is overwritten before a function returns.
 */

import { fusesMultiplyAdd } from '../capability.ts'
import { instantiate } from '../host.ts'
import { type ArithmeticName, CURVES, type CurveParameters, type WeierstrassCurve } from './curve.ts'
import { createLayout } from './curve-code.ts'
import type { Layout } from './layout.ts'
import { type WeierstrassExports, assembleWeierstrass } from './program.ts'

/**
 * Numbers are big-endian. Scalars and coordinates have the curve's length, points are 04, x, y. Of digests and of what is
 * drawn for a nonce, which may have any length, the leftmost bits count, as many as n has. Whatever the scalars are, the
 * same instructions run on the same addresses, as long as they are scalars.
 */
export interface WeierstrassKernel {
  /** @returns whether it is from 1 to n - 1 */
  isScalar(scalar: Uint8Array): boolean
  /** @returns the scalar's point, or `undefined` for a scalar that is zero or not below n */
  computePoint(scalar: Uint8Array): Uint8Array | undefined
  /** @returns whether the bytes are a point other than infinity */
  isPoint(point: Uint8Array): boolean
  /** @param compressed 02 or 03, x @returns the point, or `undefined` where there is none */
  decompressPoint(compressed: Uint8Array): Uint8Array | undefined
  /** @returns the x-coordinate of scalar times point, or `undefined` where one is no scalar or the other no point */
  multiplyPoint(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined
  /**
   * @param drawn for the nonce: never to be used twice
   * @returns r and s; `undefined` where scalar or nonce are zero or not below n, or the nonce makes r or s zero
   */
  sign(scalar: Uint8Array, digest: Uint8Array, drawn: Uint8Array): Uint8Array | undefined
  /** @param signature r and s */
  verify(point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean
  /** @returns the digest modulo n, as long as a scalar. @spec RFC 6979 §2.3.4 */
  reduceDigest(digest: Uint8Array): Uint8Array
}

const UNCOMPRESSED = 0x04
const COMPRESSED_EVEN = 0x02
const COMPRESSED_ODD = 0x03

/** On fused multiply-add where the runtime has it and the curve is served by it, and on integers elsewhere. */
export async function createWeierstrassKernel(curve: WeierstrassCurve): Promise<WeierstrassKernel> {
  const isFused = CURVES[curve].limbs.fused !== undefined && (await fusesMultiplyAdd())
  return instantiateWeierstrass(curve, isFused ? 'fused' : 'integer')
}

export async function instantiateWeierstrass(
  curve: WeierstrassCurve,
  arithmetic: ArithmeticName,
): Promise<WeierstrassKernel> {
  const parameters = CURVES[curve]
  const layout = createLayout(parameters, arithmetic)
  const program = assembleWeierstrass(parameters, arithmetic, layout)
  return new Kernel((await instantiate(program)) as WeierstrassExports, parameters, layout)
}

class Kernel implements WeierstrassKernel {
  readonly #exports: WeierstrassExports
  readonly #memory: Uint8Array
  readonly #bytes: number
  readonly #bits: number
  readonly #at: Layout['bytes']
  #hasRows = false

  constructor(exports: WeierstrassExports, { bytes, n }: CurveParameters, layout: Layout) {
    this.#exports = exports
    this.#memory = new Uint8Array(exports.memory.buffer)
    this.#bytes = bytes
    this.#bits = n.toString(2).length
    this.#at = layout.bytes
  }

  isScalar(scalar: Uint8Array): boolean {
    if (scalar.length !== this.#bytes) return false
    return this.#compute(() => {
      this.#write(this.#at.scalar, scalar)
      return this.#exports.isScalar() === 1
    })
  }

  computePoint(scalar: Uint8Array): Uint8Array | undefined {
    this.#assertLength(scalar)
    return this.#compute(() => {
      this.#buildRows()
      this.#write(this.#at.scalar, scalar)
      return this.#exports.computePoint() === 1 ? this.#readPoint() : undefined
    })
  }

  isPoint(point: Uint8Array): boolean {
    if (!this.#isUncompressed(point)) return false
    return this.#compute(() => {
      this.#writePoint(point)
      return this.#exports.isPoint() === 1
    })
  }

  decompressPoint(compressed: Uint8Array): Uint8Array | undefined {
    const [form = 0] = compressed
    if (compressed.length !== 1 + this.#bytes || (form !== COMPRESSED_EVEN && form !== COMPRESSED_ODD)) return undefined
    return this.#compute(() => {
      this.#write(this.#at.x, compressed.subarray(1))
      return this.#exports.decompress(form - COMPRESSED_EVEN) === 1 ? this.#readPoint() : undefined
    })
  }

  multiplyPoint(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined {
    this.#assertLength(scalar)
    if (!this.#isUncompressed(point)) return undefined
    return this.#compute(() => {
      this.#write(this.#at.scalar, scalar)
      this.#writePoint(point)
      if (this.#exports.agree() !== 1) return undefined
      const x = new Uint8Array(this.#bytes)
      this.#read(this.#at.x, x)
      return x
    })
  }

  sign(scalar: Uint8Array, digest: Uint8Array, drawn: Uint8Array): Uint8Array | undefined {
    this.#assertLength(scalar)
    return this.#compute(() => {
      this.#buildRows()
      this.#write(this.#at.scalar, scalar)
      this.#writeLeftmost(this.#at.digest, digest)
      this.#writeLeftmost(this.#at.nonce, drawn)
      if (this.#exports.sign() !== 1) return undefined
      const signature = new Uint8Array(2 * this.#bytes)
      this.#read(this.#at.r, signature.subarray(0, this.#bytes))
      this.#read(this.#at.s, signature.subarray(this.#bytes))
      return signature
    })
  }

  verify(point: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
    if (!this.#isUncompressed(point) || signature.length !== 2 * this.#bytes) return false
    return this.#compute(() => {
      this.#buildRows()
      this.#writePoint(point)
      this.#writeLeftmost(this.#at.digest, digest)
      this.#write(this.#at.r, signature.subarray(0, this.#bytes))
      this.#write(this.#at.s, signature.subarray(this.#bytes))
      return this.#exports.verify() === 1
    })
  }

  reduceDigest(digest: Uint8Array): Uint8Array {
    return this.#compute(() => {
      this.#writeLeftmost(this.#at.digest, digest)
      this.#exports.reduceDigest()
      const reduced = new Uint8Array(this.#bytes)
      this.#read(this.#at.digest, reduced)
      return reduced
    })
  }

  #compute<Result>(run: () => Result): Result {
    const result = run()
    this.#exports.zeroize()
    return result
  }

  #buildRows(): void {
    if (this.#hasRows) return
    this.#exports.buildRows()
    this.#hasRows = true
  }

  #isUncompressed(point: Uint8Array): boolean {
    return point.length === 1 + 2 * this.#bytes && point[0] === UNCOMPRESSED
  }

  #writePoint(point: Uint8Array): void {
    this.#write(this.#at.x, point.subarray(1, 1 + this.#bytes))
    this.#write(this.#at.y, point.subarray(1 + this.#bytes))
  }

  #readPoint(): Uint8Array {
    const point = new Uint8Array(1 + 2 * this.#bytes)
    point[0] = UNCOMPRESSED
    this.#read(this.#at.x, point.subarray(1, 1 + this.#bytes))
    this.#read(this.#at.y, point.subarray(1 + this.#bytes))
    return point
  }

  /** The kernel has the least significant byte first. */
  #write(at: number, number: Uint8Array): void {
    for (let i = 0; i < number.length; i++) this.#memory[at + i] = number[number.length - 1 - i] ?? 0
  }

  /** @spec RFC 6979 §2.3.2 */
  #writeLeftmost(at: number, bits: Uint8Array): void {
    this.#write(at, bits.subarray(0, this.#bytes))
    const excess = 8 * Math.min(bits.length, this.#bytes) - this.#bits
    if (excess <= 0) return
    for (let i = 0; i < this.#bytes; i++) {
      const two = (this.#memory[at + i] ?? 0) | ((this.#memory[at + i + 1] ?? 0) << 8)
      this.#memory[at + i] = two >> excess
    }
  }

  #read(at: number, into: Uint8Array): void {
    for (let i = 0; i < into.length; i++) into[i] = this.#memory[at + into.length - 1 - i] ?? 0
  }

  #assertLength(scalar: Uint8Array): void {
    if (scalar.length !== this.#bytes) throw new RangeError(`scalar must be ${this.#bytes} bytes`)
  }
}
