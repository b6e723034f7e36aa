/**
 * The S-box of AES as a circuit: 115 gates, and no table that a secret could index.
 *
 * x0 is the most significant bit of the input, s0 of the output. The gates stand in an order
 * that was found by search: few values are alive at a time, so that most fit into sixteen registers, and those that
 * depend on each other keep a distance.
 *
 * @spec Boyar and Peralta, "A new combinational logic minimization technique with applications to cryptology" (2010)
 */

const CIRCUIT = `
  y14=x3^x5 y13=x0^x6 y12=y13^y14 t1=x4^y12 y8=x0^x5 y9=x0^x3 t0=x1^x2 y20=t1^x1 y11=y20^y9 y15=t1^x5 y10=y15^t0
  y16=t0^y11 y17=y10^y11 t13=y14&y17 t15=y8&y10 t12=y9&y11 y7=x7^y11 t2=y12&y15 y1=t0^x7 y4=y1^x3 y5=y1^x6
  t16=t15^t12 t5=y4&x7 y6=y15^x7 t14=t13^t12 t6=t5^t2 y3=y5^y8 t18=t6^t16 t8=y5&y1 t3=y3&y6 y19=y10^y8 t22=t18^y19
  t7=y13&y16 t4=t3^t2 y2=y1^x0 t10=y2&y7 t9=t8^t7 t11=t10^t7 t19=t9^t14 y21=y13^y16 t17=t4^t14 t23=t19^y21
  t20=t11^t16 t21=t17^y20 y18=x0^y16 t24=t20^y18 t26=t21&t23 t31=t22^t26 t25=t21^t22 t30=t23^t24 t27=t24^t26
  t32=t31&t30 t28=t25&t27 t33=t32^t24 t35=t27^t33 t34=t23^t33 t36=t24&t35 t37=t36^t34 t29=t28^t22 t38=t27^t36
  t39=t29&t38 z10=t37&y3 t42=t29^t33 t40=t25^t39 z14=t29&y2 z11=t33&y4 t41=t40^t37 z17=t41&y8 z5=t29&y7
  t44=t33^t37 z0=t44&y15 z13=t40&y5 z1=t37&y6 t43=t29^t40 z9=t44&y12 z3=t43&y16 t45=t42^t41 z15=t42&y9 z12=t43&y13
  z6=t42&y11 t49=z9^z10 z7=t45&y17 z16=t45&y14 t48=z5^z13 t46=z15^z16 t54=z6^z7 t53=z0^z3 z2=t33&x7 z8=t41&y10
  t55=z16^z17 t59=z3^t54 z4=t40&y1 t52=z7^z8 t58=z4^t46 t50=z2^z12 t63=t49^t58 t56=z12^t48 t57=t50^t53 s0=t59^t63
  t51=z2^z5 t64=z4^t59 t61=z14^t57 t62=t52^t58 s6=t56^t62 t65=t61^t62 t67=t64^t65 t60=t46^t57 t47=z10^z11
  s7=t48^t60 s2=t55^t67 t66=z1^t63 s3=t53^t66 s5=t47^t65 s1=t64^s3 s4=t51^t66
`

/** The circuit computes the S-box without its constant, which the round keys carry instead. @spec FIPS 197 §5.1.1 */
export const S_BOX_CONSTANT = 0x63

const BITS = 8

/**
 * Evaluates the circuit on bits that `xor` and `and` combine.
 *
 * @param input the most significant bit first
 * @returns likewise
 */
export function evaluateSBox<Bit>(
  input: readonly Bit[],
  xor: (left: Bit, right: Bit) => Bit,
  and: (left: Bit, right: Bit) => Bit,
): Bit[] {
  const bits = new Map(input.map((bit, i) => [`x${i}`, bit]))
  const read = (name: string | undefined): Bit => {
    const bit = bits.get(name ?? '')
    if (bit === undefined) throw new RangeError(`${name} is read before it is computed`)
    return bit
  }
  for (const gate of CIRCUIT.trim().split(/\s+/)) {
    const [output = '', left, right] = gate.split(/[=^&]/)
    bits.set(output, (gate.includes('&') ? and : xor)(read(left), read(right)))
  }
  return input.map((_, i) => read(`s${i}`))
}

/** The S-box as its 256 values: inverses in GF(2^8), then the affine transformation. @spec FIPS 197 §4.2, §5.1.1 */
export function tabulateSBox(): Uint8Array {
  const table = new Uint8Array(2 ** BITS).fill(S_BOX_CONSTANT)
  // 3 generates the field's group, and 0xf6 is its inverse, so these two pass through all pairs of inverses.
  let [power, inverse] = [1, 1]
  do {
    const spread = inverse ^ rotate(inverse, 1) ^ rotate(inverse, 2) ^ rotate(inverse, 3) ^ rotate(inverse, 4)
    table[power] = spread ^ S_BOX_CONSTANT
    power = multiply(power, 3)
    inverse = multiply(inverse, 0xf6)
  } while (power !== 1)
  return table
}

function rotate(byte: number, by: number): number {
  return ((byte << by) | (byte >> (BITS - by))) & 0xff
}

/** In GF(2^8), by x^8 = x^4 + x^3 + x + 1. */
function multiply(a: number, b: number): number {
  let product = 0
  for (let i = BITS - 1; i >= 0; i--) {
    product = (product << 1) ^ (product & 0x80 ? 0x11b : 0) ^ (((b >> i) & 1) * a)
  }
  return product
}
