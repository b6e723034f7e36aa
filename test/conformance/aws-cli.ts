/**
 * The AWS CLI as a process, in an environment that holds nothing but what `softkms serve` prints and a Region.
 *
 * Versions 1 and 2 differ in what they make of a binary parameter that is given inline: only `fileb://` means the same
 * to both, so that is what tests use.
 */
import { execFile } from 'node:child_process'

export interface CliAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface AwsCli {
  /** Runs `aws kms` with these words. Does not fail when the command does. */
  readonly run: (...words: readonly string[]) => Promise<CliAnswer>
  /** Runs `aws kms` and parses what it prints; `undefined` when that is nothing. @throws when the command fails */
  readonly answer: (...words: readonly string[]) => Promise<unknown>
}

export interface AwsCliOptions {
  readonly path: string | undefined
  readonly home: string
  readonly url: string
  readonly account: string
  readonly region: string
}

const TIMEOUT_MS = 30_000

export function createAwsCli({ path, home, url, account, region }: AwsCliOptions): AwsCli {
  const env: NodeJS.ProcessEnv = {
    PATH: path,
    HOME: home,
    AWS_ENDPOINT_URL_KMS: url,
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'softkms',
    AWS_DEFAULT_REGION: region,
    AWS_PAGER: '',
    // Python takes bytes for text where the locale is unknown.
    LANG: 'C.UTF-8',
  }

  const run = (...words: readonly string[]): Promise<CliAnswer> =>
    new Promise((resolve) => {
      const child = execFile('aws', ['kms', ...words], { env, cwd: home, timeout: TIMEOUT_MS }, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      )
    })

  return {
    run,
    async answer(...words) {
      const { code, stdout, stderr } = await run(...words)
      if (code !== 0 || stderr !== '') throw new Error(`aws kms ${words.join(' ')} exited with ${code}: ${stderr}`)
      const parsed: unknown = stdout.trim() === '' ? undefined : JSON.parse(stdout)
      return parsed
    },
  }
}
