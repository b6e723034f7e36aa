/** What the command prints, and where: results to stdout, everything else to stderr. */

export function printResult(text: string): void {
  process.stdout.write(`${text}\n`)
}

export function printError(message: string): void {
  process.stderr.write(`error: ${message}\n`)
}

export function printWarning(message: string): void {
  process.stderr.write(`warning: ${message}\n`)
}

/** A remark that is neither result nor trouble: the standard output may be the result. */
export function printNote(message: string): void {
  process.stderr.write(`${message}\n`)
}

export interface Welcome {
  readonly version: string
  readonly url: string
  readonly account: string
  readonly region: string
  /** Where the access keys are, when signatures are verified. */
  readonly credentialsFile?: string | undefined
  /** Present when the server speaks TLS. */
  readonly certificateFile?: string | undefined
  /** Where the keys are kept, unless they are in memory. */
  readonly place?: string | undefined
  /** The root key that seals them, where it is the user's own and not one that was named. */
  readonly ownRootKey?: { readonly file: string; readonly isFresh: boolean } | undefined
  /** Present when the server takes control requests. */
  readonly control?: WelcomeToControl | undefined
}

export interface WelcomeToControl {
  /** The token, where nobody knows it yet. One that the user has chosen is not printed. */
  readonly freshToken: string | undefined
}

/**
 * What `serve` says when it is ready. The lines with `AWS_` work when pasted into a shell that knows nothing of AWS,
 * unless signatures are verified: secrets are not printed. The pager is switched off because version 2 of the AWS CLI
 * would open one.
 */
export function formatWelcome(welcome: Welcome): string {
  const { version, url, account, region, credentialsFile, control } = welcome
  const endpoint = `--endpoint-url ${quoteForShell(url)}`
  const isVerified = credentialsFile !== undefined
  const credentials = isVerified ? '' : `AWS_ACCESS_KEY_ID=${account} AWS_SECRET_ACCESS_KEY=softkms `
  return [
    `softkms ${version} listens on ${url}`,
    '',
    'For AWS SDKs and the AWS CLI:',
    `AWS_ENDPOINT_URL_KMS=${url}`,
    '',
    ...formatGate(welcome),
    isVerified ? 'Try it, with credentials of that file in the environment:' : 'Try it:',
    `${credentials}AWS_PAGER= aws kms create-key --region ${region} ${endpoint}`,
    ...(control === undefined ? [] : formatControl(endpoint, control)),
    '',
    ...formatKeeping(welcome),
  ].join('\n')
}

function formatKeeping({ place, ownRootKey }: Welcome): readonly string[] {
  if (place === undefined) {
    return ['Keys are in memory only: they are gone when this process ends. Ctrl-C ends it.']
  }
  return [
    ...(ownRootKey === undefined
      ? []
      : [
          ownRootKey.isFresh
            ? `A root key was made for you in ${ownRootKey.file}. Keep a copy: without it the keys are lost.`
            : `Your root key is in ${ownRootKey.file}.`,
        ]),
    `Keys are kept in ${place}, sealed. Ctrl-C ends this process.`,
  ]
}

/** What is checked of whom, and what is not. */
function formatGate({ credentialsFile, certificateFile }: Welcome): readonly string[] {
  return [
    credentialsFile === undefined
      ? 'Signatures are not verified: whoever reaches the port is whoever they say.'
      : `Signatures are verified (Signature Version 4): access keys are those of ${credentialsFile}`,
    ...(certificateFile === undefined
      ? []
      : [`TLS is on. Where its root is not known: AWS_CA_BUNDLE or NODE_EXTRA_CA_CERTS, such as ${certificateFile}`]),
    '',
  ]
}

function formatControl(endpoint: string, { freshToken }: WelcomeToControl): readonly string[] {
  const token = freshToken === undefined ? '' : `SOFTKMS_CONTROL_TOKEN=${freshToken} `
  return [
    '',
    freshToken === undefined ? 'Turn its clock, with the token that you chose:' : 'Turn its clock:',
    `${token}softkms clock advance 30d ${endpoint}`,
  ]
}

/** An IPv6 address stands in brackets, which zsh takes for a pattern. */
function quoteForShell(url: string): string {
  return url.includes('[') ? `'${url}'` : url
}
