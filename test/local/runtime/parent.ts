import { startLocalAws } from '../../../local/aws/server.ts'
import { deployLocally } from '../../../local/runtime/cloud.ts'

// Deploys the assembly given, tells the process of its function by the log of its first invocation, and stays.
const aws = await startLocalAws()
const cloud = await deployLocally({ assembly: process.argv[2] ?? '', stack: 'Test', aws })
cloud.onInvocation(({ logs }) => process.stdout.write(`${logs[0]?.message}\n`))
cloud.put({ source: 'Scan' })
await cloud.settle()
