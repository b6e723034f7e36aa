/** A kernel that is compiled when it is first wanted, and used when it has answered its self-test. */

export interface LazyKernel<Kernel> {
  /** `undefined` until it is ready, and for good where the runtime cannot have it. */
  readonly current: Kernel | undefined
  /** Begins to load it. @returns `undefined` when there is nothing to wait for; never rejects */
  prepare(): Promise<void> | undefined
}

/**
 * @param load compiles the kernel; what it throws means that this runtime cannot have it
 * @param passes whether the kernel answers its known-answer tests
 */
export function createLazyKernel<Kernel>(
  load: () => Promise<Kernel>,
  passes: (kernel: Kernel) => boolean,
): LazyKernel<Kernel> {
  let current: Kernel | undefined
  let loading: Promise<void> | undefined
  let isSettled = false

  const settle = async (): Promise<void> => {
    try {
      const kernel = await load()
      if (passes(kernel)) current = kernel
    } catch {
      // No WebAssembly, or none that is allowed or does all that the kernel needs: whoever stands behind it serves.
    }
    isSettled = true
  }
  return {
    get current() {
      return current
    },
    prepare() {
      if (isSettled) return undefined
      return (loading ??= settle())
    },
  }
}
