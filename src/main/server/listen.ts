import { AppError, systemCode } from '../base/errors.ts'

/** Listens on 127.0.0.1 and returns the base URL. Throws AppError `conflict` when the port is taken. */
export async function listen(
  server: { listen(options: { host: string; port: number }): Promise<string> },
  port: number,
  option: string,
): Promise<string> {
  try {
    return await server.listen({ host: '127.0.0.1', port })
  } catch (error) {
    if (systemCode(error) !== 'EADDRINUSE') throw error
    throw new AppError(
      'conflict',
      `Port ${port} is taken by another program. Start Matinee with ${option} and another number, or 0 for any free one.`,
      { cause: error },
    )
  }
}
