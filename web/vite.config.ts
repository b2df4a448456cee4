import { defineConfig } from 'vite'

// Relative paths: the site is served from a bucket, at /BUCKET/index.html or at the root of a domain.
export default defineConfig({
  base: './',
  build: { target: 'es2022', sourcemap: false, chunkSizeWarningLimit: 700, modulePreload: { polyfill: false } },
})
