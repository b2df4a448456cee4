import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const TEXT = /\.(?:html|js|css|svg|json|webmanifest|txt)$/
/** Bytes from which on it is worth a file of its own. */
const LEAST = 1024

/** Puts NAME.br and NAME.gz beside each file of text that was built: front serves what a browser takes. */
export function compress(): Plugin {
  let folder = ''
  return {
    name: 'compress',
    apply: 'build',
    configResolved({ root, build }) {
      folder = join(root, build.outDir)
    },
    closeBundle() {
      for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!TEXT.test(file)) continue
        const data = readFileSync(join(folder, file))
        if (data.length < LEAST) continue
        const size = { [constants.BROTLI_PARAM_SIZE_HINT]: data.length }
        writeFileSync(join(folder, `${file}.br`), brotliCompressSync(data, { params: size }))
        writeFileSync(join(folder, `${file}.gz`), gzipSync(data, { level: 9 }))
      }
    },
  }
}
