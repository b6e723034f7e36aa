/** Where a user's programs keep what is theirs alone. */
import { homedir } from 'node:os'
import { join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** @spec XDG Base Directory Specification; on Windows the roaming application data */
export function configFolder(environment: Environment = process.env, platform: string = process.platform): string {
  const configured = environment['XDG_CONFIG_HOME']
  if (configured?.startsWith('/')) return join(configured, 'softkms')
  const roaming = environment['APPDATA']
  if (platform === 'win32' && roaming) return join(roaming, 'softkms')
  return join(homedir(), '.config', 'softkms')
}
