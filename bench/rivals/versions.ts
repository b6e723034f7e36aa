/** Where the rivals are once they are installed, and which versions of them. */

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { findSoftHsm } from './softhsm2/softhsm2.ts'

export const RIVALS_FOLDER: string = import.meta.dirname
export const REQUIREMENTS: string = join(RIVALS_FOLDER, 'requirements.txt')
export const VENV: string = join(RIVALS_FOLDER, '.venv')
export const BIN: string = join(RIVALS_FOLDER, '.bin')

export const LOCAL_KMS = {
  module: 'github.com/nsmithuk/local-kms',
  version: 'v0.0.0-20260228092603-2a5e92d09ab6',
} as const

const MOTO_SERVER = join(VENV, 'bin/moto_server')
const LOCAL_KMS_PROGRAM = join(BIN, 'local-kms')

/** Programs by their paths; absent when they are not installed. */
export function findServers(): { readonly moto?: string; readonly 'local-kms'?: string } {
  return {
    ...(existsSync(MOTO_SERVER) ? { moto: MOTO_SERVER } : {}),
    ...(existsSync(LOCAL_KMS_PROGRAM) ? { 'local-kms': LOCAL_KMS_PROGRAM } : {}),
  }
}

/** By name, of those that are there. */
export function findRivalVersions(): Readonly<Record<string, string>> {
  const servers = findServers()
  const softHsm = findSoftHsm()
  const moto = /^moto\S*==(\S+)$/m.exec(readFileSync(REQUIREMENTS, 'utf8'))?.[1]
  return {
    ...(softHsm === undefined ? {} : { softhsm2: softHsm.version, pkcs11js: softHsm.binding }),
    ...(servers['local-kms'] === undefined ? {} : { 'local-kms': LOCAL_KMS.version }),
    ...(servers.moto === undefined || moto === undefined ? {} : { moto }),
  }
}
