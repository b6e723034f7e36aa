/** How often a property runs: a few times with every test, many times with `pnpm test:slow`. */

export const isSlow: boolean = process.env['SOFTKMS_SLOW'] === '1'

export function runs(fast: number, slow: number): number {
  return isSlow ? slow : fast
}
