/** Grants in a file: JSON as `aws kms list-grants` prints it, a list of such grants, or the request for one. */
import { type GrantId, type GrantRecord, KmsError, type KeyName, parseGrantEntry } from '@softkms/kms'
import { UnusableFileError, readTextFile } from './text-file.ts'

/**
 * @param key on which the grants are, whatever key they name
 * @throws UnusableFileError
 */
export function readGrants(path: string, key: KeyName): readonly GrantRecord[] {
  const entries = entriesOf(readJson(path))
  return entries.map((entry, i) => {
    const place = `${path}: grant ${i + 1}`
    if (!isObject(entry)) throw new UnusableFileError(`${place} is not a JSON object`)
    try {
      return parseGrantEntry(entry, key, idOf(entry, i))
    } catch (error) {
      if (error instanceof KmsError) throw new UnusableFileError(`${place}: ${error.message}`)
      throw error
    }
  })
}

function entriesOf(json: unknown): readonly unknown[] {
  if (Array.isArray(json)) return json
  const grants = isObject(json) ? json['Grants'] : undefined
  return Array.isArray(grants) ? grants : [json]
}

/** Its own, or one that tells its place. */
function idOf({ GrantId }: Readonly<Record<string, unknown>>, i: number): GrantId {
  const id = typeof GrantId === 'string' ? GrantId : String(i + 1).padStart(64, '0')
  return id as GrantId
}

function readJson(path: string): unknown {
  try {
    const json: unknown = JSON.parse(readTextFile(path))
    return json
  } catch (error) {
    if (error instanceof SyntaxError) throw new UnusableFileError(`${path} is not JSON`)
    throw error
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
