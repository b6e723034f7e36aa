/** Whose requests these are: the variables that every AWS SDK reads. Profiles and roles are not looked for. */

export interface Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

export type Environment = Readonly<Record<string, string | undefined>>

/** @returns `undefined` when one of the two that are needed is not set */
export function readCredentials(environment: Environment): Credentials | undefined {
  const accessKeyId = environment['AWS_ACCESS_KEY_ID']
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY']
  if (!accessKeyId || !secretAccessKey) return undefined
  return { accessKeyId, secretAccessKey, sessionToken: environment['AWS_SESSION_TOKEN'] || undefined }
}
