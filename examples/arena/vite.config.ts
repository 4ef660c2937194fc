// The arena's page: built to dist/page, which the game server serves. The framework is taken from its sources, so nothing has to be built before.

import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { conditions: ['@tickwire/source', 'module', 'browser', 'development|production'] },
  // One file of Phaser, one of ours; a warning about its size says nothing new.
  build: { outDir: 'dist/page', target: 'es2022', chunkSizeWarningLimit: 2000 },
  clearScreen: false,
});
