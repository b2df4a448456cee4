import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { compress } from './compress'

// Relative paths: the page need not be at the root of its host.
export default defineConfig({
  base: './',
  plugins: [compress()],
  resolve: { alias: { re2js: fileURLToPath(new URL('src/vendor/re2js.ts', import.meta.url)) } },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // What others wrote changes seldom: a browser keeps it across our releases.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'firestore', test: /node_modules\/@firebase/ },
            { name: 'hls', test: /node_modules\/hls\.js/ },
          ],
        },
      },
    },
  },
})
