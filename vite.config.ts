import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Builds the renderer; the same bundle runs in Electron's window and in a browser. */
export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react()],
  // React Router, CodeMirror and Mantine are one screen's worth of code: a desktop app reads them from disk
  build: { outDir: '../build/renderer', emptyOutDir: true, target: 'chrome130', sourcemap: true, chunkSizeWarningLimit: 4000, assetsInlineLimit: 0 },
  worker: { format: 'es' },
})
