/**
 * The curves y² = x³ + ax + b as numbers, and how many limbs of how many bits theirs have.
 *
 * All have a prime order and the cofactor 1, primes that are 3 modulo 4, and for a either 0 or -3.
 *
 * @spec SP 800-186 §3.2.1, SEC 2 §2.4.1
 */

export type WeierstrassCurve = 'P-256' | 'P-384' | 'P-521' | 'secp256k1'

export interface CurveParameters {
  /** The prime of the field. */
  readonly p: bigint
  readonly a: 0n | -3n
  readonly b: bigint
  /** The base point. */
  readonly x: bigint
  readonly y: bigint
  /** Its order. */
  readonly n: bigint
  /** Of a coordinate or a scalar. */
  readonly bytes: number
  /** For each arithmetic that serves the curve's field as few limbs as leave it room. */
  readonly limbs: { readonly integer: Limbs; readonly fused?: Limbs }
}

export interface Limbs {
  readonly limbBits: number
  readonly limbCount: number
}

/** 64-bit integers, or fused multiply-add. */
export type ArithmeticName = keyof CurveParameters['limbs']

export const CURVES: Readonly<Record<WeierstrassCurve, CurveParameters>> = {
  'P-256': {
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    a: -3n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
    x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
    y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    n: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    bytes: 32,
    limbs: { integer: { limbBits: 29, limbCount: 9 }, fused: { limbBits: 44, limbCount: 6 } },
  },
  'P-384': {
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    a: -3n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
    x: 0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7n,
    y: 0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5fn,
    n: 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973n,
    bytes: 48,
    limbs: { integer: { limbBits: 28, limbCount: 14 }, fused: { limbBits: 49, limbCount: 8 } },
  },
  'P-521': {
    p: 2n ** 521n - 1n,
    a: -3n,
    b: 0x0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
    x: 0x00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66n,
    y: 0x011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650n,
    n: 0x01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409n,
    bytes: 66,
    limbs: { integer: { limbBits: 28, limbCount: 19 }, fused: { limbBits: 48, limbCount: 11 } },
  },
  secp256k1: {
    p: 2n ** 256n - 2n ** 32n - 977n,
    a: 0n,
    b: 7n,
    x: 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
    y: 0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
    n: 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n,
    bytes: 32,
    limbs: { integer: { limbBits: 29, limbCount: 9 } },
  },
}
