/** What `run` comes to, when it does so within `patienceMs`; it goes on otherwise, and `late` is thrown. */
export async function within<T>(run: Promise<T>, patienceMs: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), patienceMs)
  })
  try {
    return await Promise.race([run, over])
  } finally {
    clearTimeout(timer)
  }
}
