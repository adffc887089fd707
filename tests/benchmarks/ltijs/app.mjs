// The same tool in ltijs: a launch, then a page with the person and the course.
// Arguments: port, database address, the platform's address, its port's client id.
import ltijs from 'ltijs'
import Database from 'ltijs-sequelize'

const [port, database, platform, clientId] = process.argv.slice(2)
const store = new URL(database)
const provider = ltijs.Provider

const html = (text) =>
  String(text).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

provider.setup(
  'a-key-of-the-benchmark-and-of-nothing-else',
  {
    plugin: new Database(store.pathname.slice(1), store.username, '', {
      host: store.hostname,
      port: Number(store.port),
      dialect: 'postgres',
      logging: false,
      pool: { max: 10 },
    }),
  },
  { appRoute: '/', loginRoute: '/login', cookies: { secure: false, sameSite: '' }, tokenMaxAge: 60 },
)

provider.onConnect((token, _request, response) => {
  const course = html(token.platformContext.context.title)
  response.send(
    `<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>${course}</title></head>` +
      `<body><h1>${course}</h1><p>${html(token.userInfo.name)}</p></body></html>`,
  )
})

await provider.deploy({ port: Number(port), silent: true })
await provider.registerPlatform({
  url: platform,
  name: 'benchmark',
  clientId,
  authenticationEndpoint: `${platform}/auth`,
  accesstokenEndpoint: `${platform}/token`,
  authConfig: { method: 'JWK_SET', key: `${platform}/jwks` },
})
process.stdout.write('ready\n')
