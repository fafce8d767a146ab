/** The empty form, and what comes of "Back to default options". */
import type { ScrapeForm } from '../../backend';

export function emptyForm(address = ''): ScrapeForm {
  return {
    address,
    browser: false,
    screenshot: false,
    format: 'html',
    location: '',
    extract: [],
    steps: [],
    retry_on_block: false,
    record_network: false,
    network_pattern: '',
    window_size: 'default',
    language: '',
    headers: [],
    cookies: [],
    block_resources: [],
    block_requests: [],
    method: 'get',
    post_json: '',
    post_fields: [],
  };
}

/** True when nothing but the address is set. */
export function isDefault(form: ScrapeForm): boolean {
  return JSON.stringify(form) === JSON.stringify(emptyForm(form.address));
}

/** The form as it is sent: empty lines of a list that is typed line by line say nothing. */
export function sendable(form: ScrapeForm): ScrapeForm {
  const parts = form.block_requests.map((part) => part.trim()).filter(Boolean);
  return { ...form, block_requests: parts };
}
