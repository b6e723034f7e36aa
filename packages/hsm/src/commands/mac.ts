/** HMACs, whole and compared in constant time. */

import { verifyHmac } from '../algorithms/hmac/hmac.ts'
import { HsmError } from '../errors.ts'
import type { MacCommand, VerifyMacCommand } from '../hsm.ts'
import type { MacKey } from '../symmetric-primitives.ts'
import type { Vault } from '../vault.ts'
import { assertAlgorithm } from './assert-algorithm.ts'
import { assertBytesIn } from './assert-arguments.ts'

export function mac(vault: Vault, command: MacCommand): Uint8Array {
  return loadMacKey(vault, command).compute(command.message)
}

export function verifyMac(vault: Vault, command: VerifyMacCommand): boolean {
  assertBytesIn(command, 'mac')
  return verifyHmac(loadMacKey(vault, command), command.message, command.mac)
}

function loadMacKey(vault: Vault, command: MacCommand): MacKey {
  assertBytesIn(command, 'message')
  const { token, algorithm } = command
  const { fields, material } = vault.load(token, 'GENERATE_VERIFY_MAC')
  assertAlgorithm(fields, algorithm)
  if (material.family !== 'hmac') throw new HsmError('ALGORITHM')
  return material.mac
}
