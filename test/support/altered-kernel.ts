/** A kernel that is right in all but what is said. */

/** @param alter gives what is wrong, by what is right */
export function altered<Arguments extends readonly unknown[], Kernel extends object>(
  create: (...args: Arguments) => Promise<Kernel>,
  alter: (right: Kernel) => Partial<Kernel>,
): (...args: Arguments) => Promise<Kernel> {
  return async (...args) => {
    const right = await create(...args)
    const wrong = alter(right)
    return new Proxy(right, {
      get(_, name) {
        const own: unknown = Reflect.get(wrong, name)
        const method: unknown = own ?? Reflect.get(right, name)
        return typeof method === 'function' ? (method.bind(right) as unknown) : method
      },
    })
  }
}
