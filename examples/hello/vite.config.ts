// The page: built to dist/page, which server.ts serves. In development Vite serves it and passes on what is for the game.

import { defineConfig } from 'vite';

const game = 'http://localhost:9210';

export default defineConfig({
  resolve: { conditions: ['@tickwire/source', 'module', 'browser', 'development|production'] },
  build: { outDir: 'dist/page', target: 'es2022' },
  server: { port: 9211, proxy: { '/tickwire': game, '/.wrtc': game } },
  clearScreen: false,
});
