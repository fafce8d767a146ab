import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

import { frozenPrototype } from './frozen-prototype';

// `vite build` is the app's own page. `vite build --mode tab` also holds the in-memory backend,
// so that the page can be tried and tested in an ordinary browser tab.
export default defineConfig({
  plugins: [svelte(), frozenPrototype()],
  resolve: process.env.VITEST ? { conditions: ['browser'] } : {},
  build: {
    target: 'safari15',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  preview: {
    headers: {
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; frame-src data:; base-uri 'none'; form-action 'none'",
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
  },
});
