import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { compress } from './compress'

// `make watch` serves the page from here; what the page asks for comes from the stack that runs at STACK_URL.
const stack = env.STACK_URL
const proxy = stack ? { '/api': stack, '/m/': stack, '/config.json': stack } : {}

// Relative paths: the page need not be at the root of its host.
export default defineConfig({
  base: './',
  plugins: [compress()],
  server: { proxy },
  resolve: { alias: { re2js: fileURLToPath(new URL('src/vendor/re2js.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // What others wrote changes seldom: a browser keeps it across our releases.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'firestore', test: /node_modules\/@firebase\/(?!auth)/, priority: 1 },
            { name: 'auth', test: /node_modules\/@firebase\/auth/ },
            { name: 'hls', test: /node_modules\/hls\.js/ },
          ],
        },
      },
    },
  },
})
