/** A `softkms serve` of its own on a free port, with keys in memory, started from the sources as a user would start it. */
import { startCommand } from './command.ts'

export interface ServedKms {
  /** Such as `http://127.0.0.1:49152`. */
  readonly url: string
  readonly port: number
  /** What it has printed to stdout. */
  readonly stdout: () => string
  /** Ends it as Ctrl-C does. @throws when it does not end well, or has complained */
  readonly stop: () => Promise<void>
}

export async function serveKms(...flags: readonly string[]): Promise<ServedKms> {
  const command = startCommand('serve', '--port', '0', '--store', 'memory', ...flags)
  const kill = (): boolean => command.process.kill('SIGKILL')
  process.once('exit', kill)
  const [, url = ''] = await command.line(/^AWS_ENDPOINT_URL_KMS=(.*)$/m)
  await command.line(/Ctrl-C/)
  return {
    url,
    port: Number(new URL(url).port),
    stdout: command.stdout,
    async stop() {
      command.process.kill('SIGINT')
      const { code, stderr } = await command.ended
      process.off('exit', kill)
      if (code !== 0 || stderr !== '') throw new Error(`softkms serve ended with ${String(code)}: ${stderr}`)
    },
  }
}
