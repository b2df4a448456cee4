// The Auth emulator of firebase-tools alone, without its command line: no hub, no pages, no network.
//   node server.cjs PORT PROJECT '[{"email": …, "password": …}, …]'
// Each of these accounts is there, with a verified address, before the port answers.
const http = require('node:http')
const { createApp } = require('firebase-tools/lib/emulator/auth/server')
const { SingleProjectMode } = require('firebase-tools/lib/emulator/auth')

const LOOPBACK = '127.0.0.1'
const [port, project, people] = process.argv.slice(2)

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
  const server = http.createServer(app).listen(Number(port), LOOPBACK)
  process.on('SIGTERM', () => server.close(() => process.exit(0)))
}

main().catch((error) => {
  console.error(error)
  process.exit(1)
})
