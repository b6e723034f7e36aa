/**
 * The sponge: bytes of any number in, bytes of any number out.
 *
 * One is at work at a time, and its rate and place stand in memory beside its state.
 *
 * @spec FIPS 202 §4, §6
 */

import { type Callable, type ModuleBuilder, type Statement, i32, i64 } from '../assembler.ts'
import { definePermute } from './permute.ts'

export const STATE_BYTES = 200
export const SHAKE128_RATE = 168
export const SHAKE256_RATE = 136
export const SHA3_256_RATE = 136
export const SHA3_512_RATE = 72
/** What follows a message, before the padding's own first bit; FIPS 202 has these bits the other way round. */
export const SHAKE_SUFFIX = 0x1f
export const SHA3_SUFFIX = 0x06
const LAST_BIT = 0x80

/** The state, and behind it the rate and the place, of four bytes each. */
export const SPONGE_BYTES: number = STATE_BYTES + 8

export interface SpongeFunctions {
  readonly permute: Callable<readonly [], Statement>
  /** Begins with a rate in bytes. */
  readonly begin: Callable<readonly ['i32'], Statement>
  /** Takes bytes in: address and length. */
  readonly absorb: Callable<readonly ['i32', 'i32'], Statement>
  /** Ends what goes in, with a suffix. */
  readonly turn: Callable<readonly ['i32'], Statement>
  /** Gives bytes: address and length. */
  readonly squeeze: Callable<readonly ['i32', 'i32'], Statement>
}

export function defineSponge(
  module: ModuleBuilder,
  { constants, sponge }: { readonly constants: number; readonly sponge: number },
): SpongeFunctions {
  const [rate, place] = [sponge + STATE_BYTES, sponge + STATE_BYTES + 4]
  const permute = definePermute(module, { constants, state: sponge })
  const xorByte = (at: Parameters<typeof i32.load8U>[0], byte: Parameters<typeof i32.xor>[0]): Statement =>
    i32.store8(at, sponge, i32.xor(i32.load8U(at, sponge), byte))

  const begin = module.procedure(['i32'], (f, bytes) => {
    f.fill(sponge, 0, STATE_BYTES)
    f.emit(i32.store(rate, 0, bytes), i32.store(place, 0, 0))
  })

  const absorb = module.procedure(['i32', 'i32'], (f, from, length) => {
    const [at, end] = [f.let(i32.load(place)), f.let(i32.load(rate))]
    f.while(length, () => {
      f.if(
        // Whole lanes where the sponge is at one; rates are whole lanes, too.
        i32.and(i32.eqz(i32.and(at, 7)), i32.geU(length, 8)),
        () => {
          f.emit(i64.store(at, sponge, i64.xor(i64.load(at, sponge), i64.load(from))))
          f.set(at, i32.add(at, 8))
          f.set(from, i32.add(from, 8))
          f.set(length, i32.sub(length, 8))
        },
        () => {
          f.emit(xorByte(at, i32.load8U(from)))
          f.set(at, i32.add(at, 1))
          f.set(from, i32.add(from, 1))
          f.set(length, i32.sub(length, 1))
        },
      )
      f.if(i32.eq(at, end), () => {
        f.emit(permute.call())
        f.set(at, 0)
      })
    })
    f.emit(i32.store(place, 0, at))
  })

  const turn = module.procedure(['i32'], (f, suffix) => {
    f.emit(
      xorByte(i32.load(place), suffix),
      xorByte(i32.sub(i32.load(rate), 1), LAST_BIT),
      permute.call(),
      i32.store(place, 0, 0),
    )
  })

  const squeeze = module.procedure(['i32', 'i32'], (f, to, length) => {
    const [at, end] = [f.let(i32.load(place)), f.let(i32.load(rate))]
    f.while(length, () => {
      f.if(i32.eq(at, end), () => {
        f.emit(permute.call())
        f.set(at, 0)
      })
      f.if(
        i32.and(i32.eqz(i32.and(at, 7)), i32.geU(length, 8)),
        () => {
          f.emit(i64.store(to, 0, i64.load(at, sponge)))
          f.set(at, i32.add(at, 8))
          f.set(to, i32.add(to, 8))
          f.set(length, i32.sub(length, 8))
        },
        () => {
          f.emit(i32.store8(to, 0, i32.load8U(at, sponge)))
          f.set(at, i32.add(at, 1))
          f.set(to, i32.add(to, 1))
          f.set(length, i32.sub(length, 1))
        },
      )
    })
    f.emit(i32.store(place, 0, at))
  })

  return { permute, begin, absorb, turn, squeeze }
}
