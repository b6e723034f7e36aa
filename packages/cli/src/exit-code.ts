/** What the shell learns when the command ends. */

export const EXIT_CODE = {
  success: 0,
  /** The command was understood and could not be done. */
  failure: 1,
  /** The command line was not understood. */
  usage: 2,
} as const

export type ExitCode = (typeof EXIT_CODE)[keyof typeof EXIT_CODE]

/** The code of a process that a signal ended, by the shells' convention. */
export function signalExitCode(signalNumber: number): number {
  return 128 + signalNumber
}
