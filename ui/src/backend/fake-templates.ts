// The fake backend's templates.

import { failure } from './fake-accounts';
import { emptyForm } from './fake-shop';
import type { TemplatesBackend } from './index';
import type { TemplateForm, TemplateView } from './types';

type Reply = <T>(command: string, make: () => T) => Promise<T>;

export function fakeTemplates(reply: Reply): TemplatesBackend {
  const gone = new Map<string, TemplateView>();
  let all: TemplateView[] = [
    {
      id: 'shop-list',
      name: 'Shop list with prices',
      options: {
        ...emptyForm(),
        browser: true,
        screenshot: true,
        extract: [
          { name: 'name', selector: '.name', attribute: '', multiple: true },
          { name: 'price', selector: '.price', attribute: '', multiple: true },
        ],
      },
      changed_at: 1_790_000_000,
    },
    {
      id: 'articles',
      name: 'Articles as Markdown',
      options: { ...emptyForm(), format: 'markdown' },
      changed_at: 1_780_000_000,
    },
  ];

  function write(id: string, { name, options }: TemplateForm): TemplateView {
    const named = name.trim();
    const taken = all.some(
      (one) => one.id !== id && one.name.toLowerCase() === named.toLowerCase(),
    );
    if (named === '' || taken) {
      const message = named === '' ? 'Type a name.' : 'There is a template with this name.';
      throw { ...failure('invalid_form'), message, problems: [{ field: 'name', message }] };
    }
    const view = { id, name: named, options: { ...options, address: '' }, changed_at: 1 };
    all = [...all.filter((one) => one.id !== id), view];
    return view;
  }

  return {
    templates: () => reply('templates', () => all.toSorted((a, b) => a.name.localeCompare(b.name))),
    createTemplate: (form) => reply('create_template', () => write(crypto.randomUUID(), form)),
    updateTemplate: (id, form) => reply('update_template', () => write(id, form)),
    deleteTemplate: (id) =>
      reply('delete_template', () => {
        const found = all.find((one) => one.id === id);
        if (found) gone.set(id, found);
        all = all.filter((one) => one.id !== id);
      }),
    restoreTemplate: (id) =>
      reply('restore_template', () => {
        const found = gone.get(id);
        if (found) all = [...all, found];
      }),
  };
}
