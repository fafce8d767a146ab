import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * The window freezes `Object.prototype`, and on what inherits from a frozen object `constructor` can't be
 * set by an assignment. ECharts does so in one place.
 */
function frozenPrototype(): Plugin {
  const place = 'echarts/lib/core/Scheduler.js';
  const assigned = 'target[name_1] = noop;';
  const defined = 'Object.defineProperty(target, name_1, { value: noop, writable: true });';
  return {
    name: 'frozen-prototype',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith(place)) return null;
      if (!code.includes(assigned)) this.error(`${place} has changed: look at it again`);
      return { code: code.replace(assigned, defined), map: null };
    },
  };
}

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
