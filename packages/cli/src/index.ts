export type { ExitCode } from './exit-code.ts'
export { runCommandLine } from './run.ts'
