// The Auth emulator of firebase-tools alone, without its command line: no hub, no pages, no network.
//   node server.cjs PORT PROJECT '[{"email": …, "password": …}, …]'
// Each of these accounts is there, with a verified address, before the port answers.
const http = require('node:http')
const exegesis = require('exegesis-express')

// Of hundreds of operations, few are ever asked for. What validates one is compiled then: all together take 8 s of CPU.
const { middleware } = exegesis
exegesis.middleware = (document, options) => middleware(document, { ...options, lazyCompileValidationSchemas: true })

const { createApp } = require('firebase-tools/lib/emulator/auth/server')
const { SingleProjectMode } = require('firebase-tools/lib/emulator/auth')

const LOOPBACK = '127.0.0.1'
const OURS = new Set(['127.0.0.1', 'localhost', '[::1]'])
const [port, project, people] = process.argv.slice(2)

/** Whether the host of an address is a name of this machine (as emulator/host_names.py has them). */
function isOurs(address) {
  const { hostname } = URL.canParse(address) ? new URL(address) : { hostname: '' }
  return OURS.has(hostname) || hostname.endsWith('.localhost')
}

/** The emulator answers pages of any origin, under any name. Let in are those of this machine, as google_emulators/door.py does. */
function isLetIn({ host, origin, 'sec-fetch-site': site = 'none' }) {
  if (host !== undefined && !isOurs(`http://${host}`)) return false
  return origin === undefined ? site === 'same-origin' || site === 'none' : isOurs(origin)
}

async function main() {
  const app = await createApp(project, SingleProjectMode.NO_WARNING)
  const early = http.createServer(app)
  await new Promise((listening) => early.listen(0, LOOPBACK, listening))
  for (const { email, password } of JSON.parse(people)) {
    const answer = await fetch(
      `http://${LOOPBACK}:${early.address().port}/identitytoolkit.googleapis.com/v1/projects/${project}/accounts`,
      {
        method: 'POST',
        headers: { Authorization: 'Bearer owner', 'Content-Type': 'application/json' },
        body: JSON.stringify({ email, password, emailVerified: true }),
      },
    )
    if (!answer.ok) throw new Error(`${email}: ${answer.status} ${await answer.text()}`)
  }
  early.close()
  const guarded = (request, response) => {
    if (isLetIn(request.headers)) app(request, response)
    else response.writeHead(403).end('only pages and programs of this machine are answered here')
  }
  const server = http.createServer(guarded).listen(Number(port), LOOPBACK)
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
