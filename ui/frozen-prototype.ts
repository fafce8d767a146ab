// The window freezes `Object.prototype`, and on an object that inherits from a frozen one `constructor`
// can't be set by an assignment. ECharts does so in one place.

import type { Plugin } from 'vite';

const PLACE = 'echarts/lib/core/Scheduler.js';
const ASSIGNED = 'target[name_1] = noop;';
const DEFINED = 'Object.defineProperty(target, name_1, { value: noop, writable: true });';

export function frozenPrototype(): Plugin {
  return {
    name: 'frozen-prototype',
    transform(code, id) {
      if (!id.split('?')[0]?.endsWith(PLACE)) return null;
      if (!code.includes(ASSIGNED)) this.error(`${PLACE} has changed: look at it again`);
      return { code: code.replace(ASSIGNED, DEFINED), map: null };
    },
  };
}
