/** Keccak-f[1600] on 25 lanes of 64 bits, in variables. @spec FIPS 202 §3 */

import {
  type Callable,
  type Expression,
  type Local,
  type ModuleBuilder,
  type Statement,
  i32,
  i64,
} from '../assembler.ts'
import { LANES, laneMoves, roundConstants } from './constants.ts'

const WIDTH = 5
const LANE_BYTES = 8

export const ROUND_CONSTANTS_BYTES = 192

/** @param constants where the constants of the rounds are to stand @param state where the 200 bytes of the state do */
export function definePermute(
  module: ModuleBuilder,
  { constants, state }: { readonly constants: number; readonly state: number },
): Callable<readonly [], Statement> {
  module.data(constants, [...new Uint8Array(BigUint64Array.from(roundConstants()).buffer)])
  const moves = laneMoves()
  return module.procedure([], (f) => {
    const lanes = Array.from({ length: LANES }, (_, i) => f.let(i64.load(state, LANE_BYTES * i)))
    const moved = f.locals('i64', LANES)
    const [parities, mixed] = [f.locals('i64', WIDTH), f.locals('i64', WIDTH)]
    const constant = f.let(i32.const(constants))
    f.loop((start) => {
      for (let x = 0; x < WIDTH; x++) {
        const column = Array.from({ length: WIDTH }, (_, y): Expression<'i64'> => pick(lanes, x + WIDTH * y))
        f.set(
          pick(parities, x),
          column.reduce((all, lane) => i64.xor(all, lane)),
        )
      }
      for (let x = 0; x < WIDTH; x++) {
        const next = i64.rotl(pick(parities, (x + 1) % WIDTH), 1n)
        f.set(pick(mixed, x), i64.xor(pick(parities, (x + 4) % WIDTH), next))
      }
      for (const [i, { distance, to }] of moves.entries()) {
        f.set(pick(moved, to), i64.rotl(i64.xor(pick(lanes, i), pick(mixed, i % WIDTH)), BigInt(distance)))
      }
      for (let i = 0; i < LANES; i++) {
        const row = i - (i % WIDTH)
        const [next, afterNext] = [pick(moved, row + ((i + 1) % WIDTH)), pick(moved, row + ((i + 2) % WIDTH))]
        f.set(pick(lanes, i), i64.xor(pick(moved, i), i64.and(i64.xor(next, -1n), afterNext)))
      }
      f.set(pick(lanes, 0), i64.xor(pick(lanes, 0), i64.load(constant)))
      f.set(constant, i32.add(constant, LANE_BYTES))
      f.branchIf(i32.ltU(constant, constants + ROUND_CONSTANTS_BYTES), start)
    })
    for (const [i, lane] of lanes.entries()) f.emit(i64.store(state, LANE_BYTES * i, lane))
  })
}

function pick(lanes: readonly Local<'i64'>[], i: number): Local<'i64'> {
  const lane = lanes[i]
  if (lane === undefined) throw new RangeError('a state has 25 lanes')
  return lane
}
