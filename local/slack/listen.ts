import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Binds to 127.0.0.1 alone. @returns origin. @throws {Error} as `listen` does, with `code`: `EADDRINUSE`, `EACCES` */
export const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    })
  })
