/**
 * SoftHSM2 through PKCS#11, where it and the binding are there: a token of its own, with objects of the session alone.
 *
 * The token stands in a temporary folder, which goes with the session.
 */

import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Subject } from '../../row.ts'
import { asymmetricSoftHsmSubjects } from './asymmetric.ts'
import { type Binding, type Handle, type Pkcs11, constantOf } from './pkcs11.ts'
import { symmetricSoftHsmSubjects } from './symmetric.ts'

/** Where distributions put the library; `SOFTHSM2_LIBRARY` names another place. */
const LIBRARIES = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
]
const BINDING_FOLDER = fileURLToPath(new URL('../node_modules/pkcs11js', import.meta.url))
const PIN = 'bench'

/** A session that is logged in. */
export interface Token {
  readonly pkcs11: Pkcs11
  readonly session: Handle
  /** A constant by its name in the standard. */
  readonly constant: (name: string) => number
}

export interface SoftHsm {
  readonly subjects: readonly Subject[]
  close(): void
}

export function findSoftHsmLibrary(): string | undefined {
  const named = process.env['SOFTHSM2_LIBRARY']
  return (named === undefined ? LIBRARIES : [named]).find((path) => existsSync(path))
}

/** @returns the library, its version and that of the binding, and `undefined` when one of them is not installed */
export function findSoftHsm():
  | { readonly library: string; readonly version: string; readonly binding: string }
  | undefined {
  const library = findSoftHsmLibrary()
  const manifest = join(BINDING_FOLDER, 'package.json')
  if (library === undefined || !existsSync(manifest)) return undefined
  const { version: binding } = JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }
  return { library, version: readVersion(), binding }
}

/** The library itself tells major and minor alone. */
function readVersion(): string {
  const { stdout } = spawnSync('softhsm2-util', ['--version'], { encoding: 'utf8' })
  return stdout === null || stdout === '' ? 'unknown' : stdout.trim()
}

/** @returns `undefined` when something is not installed */
export function openSoftHsm(): SoftHsm | undefined {
  const found = findSoftHsm()
  if (found === undefined) return undefined
  const binding = createRequire(import.meta.url)(BINDING_FOLDER) as Binding
  const constant = (name: string): number => constantOf(binding, name)
  const folder = mkdtempSync(join(tmpdir(), 'softkms-bench-softhsm2-'))
  const pkcs11 = new binding.PKCS11()
  try {
    writeConfiguration(folder)
    pkcs11.load(found.library)
    pkcs11.C_Initialize()
    const token = { pkcs11, constant, session: openSession(pkcs11, constant) }
    return {
      subjects: [...symmetricSoftHsmSubjects(token), ...asymmetricSoftHsmSubjects(token)],
      close() {
        pkcs11.C_Finalize()
        pkcs11.close()
        rmSync(folder, { recursive: true })
      },
    }
  } catch (error) {
    rmSync(folder, { recursive: true })
    throw error
  }
}

/** SoftHSM2 finds its configuration by the environment alone. */
function writeConfiguration(folder: string): void {
  mkdirSync(join(folder, 'tokens'))
  const file = join(folder, 'softhsm2.conf')
  writeFileSync(
    file,
    `directories.tokendir = ${join(folder, 'tokens')}\nobjectstore.backend = file\nlog.level = ERROR\n`,
  )
  process.env['SOFTHSM2_CONF'] = file
}

function openSession(pkcs11: Pkcs11, constant: (name: string) => number): Handle {
  const [free] = pkcs11.C_GetSlotList(false)
  if (free === undefined) throw new Error('SoftHSM2 has no slot')
  pkcs11.C_InitToken(free, PIN, 'bench')
  const [slot = free] = pkcs11.C_GetSlotList(true)
  const session = pkcs11.C_OpenSession(slot, constant('CKF_RW_SESSION') | constant('CKF_SERIAL_SESSION'))
  pkcs11.C_Login(session, constant('CKU_SO'), PIN)
  pkcs11.C_InitPIN(session, PIN)
  pkcs11.C_Logout(session)
  pkcs11.C_Login(session, constant('CKU_USER'), PIN)
  return session
}
