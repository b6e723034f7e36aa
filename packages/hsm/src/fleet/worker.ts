/**
 * A worker of the fleet: an HSM of the domain in a thread of its own, which performs one command after the other.
 *
 * What it was sent is its own copy and is overwritten behind each command; results are handed over, not copied.
 */

import { parentPort, receiveMessageOnPort, type Transferable, workerData } from 'node:worker_threads'
import type { Hsm } from '../hsm.ts'
import { createHsm } from '../module.ts'
import type { Provider } from '../provider.ts'
import { kernelsProvider } from '../provider/kernels/kernels.ts'
import { nobleProvider } from '../provider/noble.ts'
import { createNativeProvider } from '../provider/native/native.ts'
import type { HeaderLayout } from '../hsm.ts'
import {
  type FromWorker,
  type LayoutAnswer,
  type ProviderName,
  type ToWorker,
  type WorkerSetup,
  toError,
  toFailure,
} from './protocol.ts'

const PROVIDERS: Readonly<Record<ProviderName, () => Provider>> = {
  kernels: () => kernelsProvider,
  noble: () => nobleProvider,
  native: createNativeProvider,
}

const { provider, rootKey, sealedKeyring, layoutPort, layoutSignal } = workerData as WorkerSetup
if (parentPort === null) throw new TypeError('this is a worker of the fleet')
const port = parentPort

const hsm: Hsm = createHsm({ provider: PROVIDERS[provider](), rootKey })
rootKey.fill(0)
await hsm.openKeyring(sealedKeyring)
// One after the other: a command sees the keyring that was there when it was sent.
let before: Promise<void> = Promise.resolve()
port.on('message', (message: ToWorker) => {
  before = before.then(() => receive(message))
})
send({ type: 'ready' })

async function receive(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'openKeyring':
      return hsm.openKeyring(message.sealed)
    case 'unload':
      return hsm.unload(message.token)
    case 'perform':
      return perform(message)
  }
}

async function perform({ method, argument }: Extract<ToWorker, { type: 'perform' }>): Promise<void> {
  try {
    const run = hsm[method] as (argument: unknown) => Promise<unknown>
    const result = await run(withLayout(argument))
    send({ type: 'result', result }, buffersOf(result))
  } catch (error) {
    send({ type: 'failure', failure: toFailure(error) })
  } finally {
    overwrite(argument)
  }
}

/** Puts a question in the place of each layout, whose function stayed behind. */
function withLayout(argument: unknown): unknown {
  if (!isPlain(argument)) return argument
  const command = Object.fromEntries(Object.entries(argument).map(([name, value]) => [name, withLayout(value)]))
  return 'layout' in command ? { ...command, layout: askLayout } : command
}

/** Asks the server's thread and waits: the HSM performs its commands without letting go in between. */
const askLayout: HeaderLayout = (plaintextLength) => {
  Atomics.store(layoutSignal, 0, 0)
  layoutPort.postMessage(plaintextLength)
  Atomics.wait(layoutSignal, 0, 0)
  const answer = receiveMessageOnPort(layoutPort)?.message as LayoutAnswer
  if ('failure' in answer) throw toError(answer.failure)
  return answer.header
}

function send(message: FromWorker, transferred: readonly Transferable[] = []): void {
  port.postMessage(message, transferred)
}

/** The memory of byte strings that is nobody else's. */
function buffersOf(value: unknown): Transferable[] {
  if (value instanceof Uint8Array)
    return value.byteLength === value.buffer.byteLength ? [value.buffer as ArrayBuffer] : []
  return isPlain(value) ? Object.values(value).flatMap(buffersOf) : []
}

function overwrite(value: unknown): void {
  if (value instanceof Uint8Array) value.fill(0)
  else if (isPlain(value)) for (const member of Object.values(value)) overwrite(member)
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)
}
