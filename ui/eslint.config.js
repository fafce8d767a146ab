import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

import svelteConfig from './svelte.config.js';

const OUTSIDE_BACKEND = {
  group: ['@tauri-apps/*'],
  message: 'Only src/backend/tauri.ts and the generated bindings speak to Tauri.',
};

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'src/backend/bindings.ts'] },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: {
      parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'], svelteConfig },
    },
  },
  {
    rules: {
      'no-console': 'error',
      'no-restricted-imports': ['error', { patterns: [OUTSIDE_BACKEND] }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
    },
  },
  {
    files: ['src/backend/tauri.ts'],
    rules: { 'no-restricted-imports': 'off' },
  },
);
