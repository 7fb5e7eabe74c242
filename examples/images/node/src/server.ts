import { createServer } from 'node:http'
import { integer, maxValue, minValue, number, object, optional, parse, pipe, string, transform } from 'valibot'

const Port = pipe(string(), transform(Number), number(), integer(), minValue(0), maxValue(65_535))
const { PORT } = parse(object({ PORT: optional(Port, '8080') }), process.env)

const server = createServer(({ url }, response) => {
  const [status, body] = url === '/health' ? [200, 'ok'] : url === '/' ? [200, 'Hello'] : [404, 'not found']
  response.writeHead(status, { 'content-type': 'text/plain' }).end(`${body}\n`)
})

server.listen(PORT, () => console.log(JSON.stringify({ listening: server.address() })))

// A process with the id 1 gets no signal that it does not ask for. Without this, ECS and Kubernetes wait half a minute,
// then kill it in the middle of its requests.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => server.close())
