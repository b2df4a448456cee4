import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

// Relative paths: the site is served from a bucket, at /BUCKET/index.html or at the root of a domain.
export default defineConfig({
  base: './',
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
