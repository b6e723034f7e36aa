/**
 * The workers of a fleet, and the jobs that wait for one.
 *
 * Each worker has one job at a time. One that ends is replaced, and its job is tried once more by another; a job that
 * ends two workers fails. How many jobs wait is bounded.
 */

import { MessageChannel, Worker } from 'node:worker_threads'
import { HsmError } from '../errors.ts'
import type { HeaderLayout } from '../hsm.ts'
import {
  type FromWorker,
  type LayoutAnswer,
  type Method,
  type ProviderName,
  type ToWorker,
  type WorkerSetup,
  toError,
  toFailure,
} from './protocol.ts'

export interface Job {
  readonly method: Method
  /** Without functions. */
  readonly argument: unknown
  readonly layout: HeaderLayout | undefined
}

export interface CrewOptions {
  readonly workers: number
  readonly queueLimit: number
  readonly provider: ProviderName
  /** What the workers run; the fleet's own worker when absent. */
  readonly script?: URL
  /** Copies of the root key and of the keyring as it is now, for a worker that starts. */
  readonly setup: () => Promise<Pick<WorkerSetup, 'rootKey' | 'sealedKeyring'>>
}

interface Waiting extends Job {
  attempts: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

interface Member {
  readonly worker: Worker
  job: Waiting | undefined
  isReady: boolean
}

const MOST_ATTEMPTS = 2
/** Workers that end one after the other before they are ready: then nobody waits for the next. */
const MOST_FALSE_STARTS = 3
const SCRIPT = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)

export class Crew {
  readonly #options: CrewOptions
  readonly #members = new Set<Member>()
  readonly #queue: Waiting[] = []
  #starting = 0
  #falseStarts = 0
  #isClosed = false

  constructor(options: CrewOptions) {
    this.#options = options
    this.#fill()
  }

  /** Jobs that no worker has yet. */
  get waiting(): number {
    return this.#queue.length
  }

  /**
   * @throws HsmError `BUSY` when too many jobs wait, `UNAVAILABLE` when two workers ended over it or none can be started,
   * and whatever the command throws
   */
  perform(job: Job): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new HsmError('ZEROIZED'))
    if (this.#queue.length >= this.#options.queueLimit) return Promise.reject(new HsmError('BUSY'))
    return new Promise((resolve, reject) => {
      this.#queue.push({ ...job, attempts: 0, resolve, reject })
      this.#falseStarts = Math.min(this.#falseStarts, MOST_FALSE_STARTS - 1)
      this.#fill()
      this.#dispatch()
    })
  }

  /** Tells all workers, in the order in which they are given jobs. */
  broadcast(message: ToWorker): void {
    for (const { worker } of this.#members) worker.postMessage(message)
  }

  /** Ends all workers; what waits or is under way fails. */
  async close(): Promise<void> {
    this.#isClosed = true
    const members = [...this.#members]
    this.#members.clear()
    for (const waiting of [...this.#queue.splice(0), ...members.flatMap(({ job }) => job ?? [])]) {
      waiting.reject(new HsmError('ZEROIZED'))
    }
    await Promise.all(members.map(({ worker }) => worker.terminate()))
  }

  #fill(): void {
    while (!this.#isClosed && this.#members.size + this.#starting < this.#options.workers) {
      if (this.#falseStarts >= MOST_FALSE_STARTS) return this.#giveUp()
      this.#starting += 1
      void this.#start()
    }
  }

  async #start(): Promise<void> {
    try {
      const { rootKey, sealedKeyring } = await this.#options.setup()
      if (!this.#isClosed) this.#add(rootKey, sealedKeyring)
      rootKey.fill(0)
    } catch {
      this.#falseStarts += 1
    } finally {
      this.#starting -= 1
    }
    this.#fill()
  }

  #add(rootKey: Uint8Array, sealedKeyring: Uint8Array): void {
    const { port1, port2 } = new MessageChannel()
    const layoutSignal = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
    const setup: WorkerSetup = {
      provider: this.#options.provider,
      rootKey,
      sealedKeyring,
      layoutPort: port2,
      layoutSignal,
    }
    const worker = new Worker(this.#options.script ?? SCRIPT, { workerData: setup, transferList: [port2] })
    const member: Member = { worker, job: undefined, isReady: false }
    this.#members.add(member)
    // Neither keeps a process alive that has nothing else to do.
    worker.unref()
    port1.on('message', (plaintextLength: number) => {
      port1.postMessage(layOut(member.job?.layout, plaintextLength))
      Atomics.store(layoutSignal, 0, 1)
      Atomics.notify(layoutSignal, 0)
    })
    port1.unref()
    worker.on('message', (message: FromWorker) => this.#receive(member, message))
    // What is wrong with a worker is told by its end.
    worker.on('error', () => undefined)
    worker.on('exit', () => {
      port1.close()
      this.#lose(member)
    })
  }

  #receive(member: Member, message: FromWorker): void {
    const { job } = member
    if (message.type === 'ready') {
      member.isReady = true
      this.#falseStarts = 0
    } else {
      member.job = undefined
      if (message.type === 'result') job?.resolve(message.result)
      else job?.reject(toError(message.failure))
    }
    this.#dispatch()
  }

  #lose(member: Member): void {
    if (!this.#members.delete(member)) return
    if (!member.isReady) this.#falseStarts += 1
    const { job } = member
    if (job !== undefined && job.attempts < MOST_ATTEMPTS) this.#queue.unshift(job)
    else job?.reject(new HsmError('UNAVAILABLE'))
    this.#fill()
    this.#dispatch()
  }

  #giveUp(): void {
    if (this.#members.size + this.#starting > 0) return
    for (const waiting of this.#queue.splice(0)) waiting.reject(new HsmError('UNAVAILABLE'))
  }

  #dispatch(): void {
    for (const member of this.#members) {
      if (!member.isReady || member.job !== undefined) continue
      const job = this.#queue.shift()
      if (job === undefined) return
      job.attempts += 1
      member.job = job
      const { method, argument } = job
      member.worker.postMessage({ type: 'perform', method, argument } satisfies ToWorker)
    }
  }
}

function layOut(layout: HeaderLayout | undefined, plaintextLength: number): LayoutAnswer {
  try {
    if (layout === undefined) throw new TypeError('this command has no layout')
    return { header: layout(plaintextLength) }
  } catch (error) {
    return { failure: toFailure(error) }
  }
}
