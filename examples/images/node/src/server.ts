import { createServer } from 'node:http'
import { Command, InvalidArgumentError, Option } from 'commander'

function toPort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port
  throw new InvalidArgumentError('It is a number from 1 to 65535.')
}

const option = new Option('--port <number>').env('PORT').default(8080).argParser(toPort)
const { port } = new Command().addOption(option).parse().opts<{ port: number }>()

const server = createServer(({ url }, response) => {
  const [status, body] = url === '/health' ? [200, 'ok'] : url === '/' ? [200, 'Hello'] : [404, 'not found']
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${body}\n`)
})

server.listen(port, () => console.log(JSON.stringify({ listening: server.address() })))

// A process with the id 1 gets no signal that it does not ask for. Without this, ECS and Kubernetes wait half a minute,
// then kill it in the middle of its requests.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close())
