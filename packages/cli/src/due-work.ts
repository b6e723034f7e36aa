/**
 * Performs what falls due while nobody asks for anything.
 *
 * The engine has no timers: it catches up with each request. A server that nobody talks to would keep the material of a
 * deleted key until somebody does, so the command asks the engine now and then. This is the command's own timer.
 */
import type { KmsService } from '@softkms/kms'

export interface DueWork {
  stop(): void
}

const EVERY_MS = 60_000

/**
 * Does not keep the process alive by itself, and does not start anew before it has finished.
 *
 * @param onError told of what the engine could not do; it is tried again the next time
 */
export function startDueWork(
  kms: Pick<KmsService, 'performDue'>,
  onError: (error: unknown) => void,
  everyMs: number = EVERY_MS,
): DueWork {
  let isBusy = false
  const timer = setInterval(() => {
    if (isBusy) return
    isBusy = true
    kms
      .performDue()
      .catch(onError)
      .finally(() => {
        isBusy = false
      })
  }, everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
