// The fake backend's world: a shop of tents, its pages and what was scraped from it.

import type {
  DataRow,
  NetworkRow,
  PartView,
  ResultView,
  ScrapeForm,
  SpanKind,
  TextLine,
  TextSpan,
} from './types';

export const SAMPLE_ADDRESS = 'http://sample.shop/tents';

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

const NAMES = ['Fjell 2', 'Skog 3', 'Vidde 1', 'Bris 4', 'Kyst 2', 'Lyng 3', 'Storm 2', 'Myr 6'];
const SIZES = ['Light', 'Plus', 'Family'];

interface Product {
  name: string;
  price: string;
  stock: string | null;
}

const PRODUCTS: Product[] = SIZES.flatMap((size, row) =>
  NAMES.map((name, column) => ({
    name: `${name} ${size}`,
    price: `€ ${149 + row * 90 + column * 35}.00`,
    stock: (row + column) % 5 === 4 ? null : 'In stock',
  })),
);

export const DATA_COLUMNS = ['name', 'price', 'stock'];

export const DATA_ROWS: DataRow[] = PRODUCTS.map(({ name, price, stock }, index) => ({
  number: index + 1,
  cells: [name, price, stock],
}));

const CARDS = PRODUCTS.map(
  ({ name, price, stock }) =>
    `<article class="card"><h2>${name}</h2><p class="price">${price}</p><p class="stock">${stock ?? ''}</p></article>`,
).join('\n');

const STYLE =
  'body{font:16px sans-serif;margin:0;color:#1b1d21;background:#fff}header{background:#174a3b;color:#fff;padding:28px 40px;font-size:26px}main{display:grid;grid-template-columns:repeat(4,1fr);gap:20px;padding:40px}.card{border:1px solid #ddd;border-radius:8px;padding:18px}.card h2{font-size:18px;margin:0 0 8px}.price{font-weight:700}.stock{color:#176a3a}';

export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head><title>Tents – Nordlys Outfitters</title><style>${STYLE}</style></head>
<body>
<header>Nordlys Outfitters</header>
<!-- 24 tents -->
<main>
${CARDS}
</main>
</body>
</html>`;

export const PAGE_MARKDOWN = `# Nordlys Outfitters

${PRODUCTS.map(({ name, price, stock }) => `## ${name}\n\n${price}${stock ? ` · ${stock}` : ''}`).join('\n\n')}
`;

const SHOT_HEIGHT = 2400;

const SHOT = `<svg xmlns="http://www.w3.org/2000/svg" width="1280" height="${SHOT_HEIGHT}"><rect width="1280" height="${SHOT_HEIGHT}" fill="#fff"/><rect width="1280" height="88" fill="#174a3b"/><text x="40" y="54" font-family="sans-serif" font-size="26" fill="#fff">Nordlys Outfitters</text>${PRODUCTS.map(
  ({ name, price }, index) => {
    const x = 40 + (index % 4) * 305;
    const y = 128 + Math.floor(index / 4) * 360;
    return `<rect x="${x}" y="${y}" width="285" height="330" rx="8" fill="#f4f6f5" stroke="#ddd"/><text x="${x + 18}" y="${y + 270}" font-family="sans-serif" font-size="18">${name}</text><text x="${x + 18}" y="${y + 300}" font-family="sans-serif" font-size="16" font-weight="700">${price}</text>`;
  },
).join('')}</svg>`;

export function previewData(part: string): string {
  if (part === 'screenshot' || part === 'thumbnail') {
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(SHOT)}`;
  }
  const text = part === 'markdown' ? PAGE_MARKDOWN : PAGE_HTML;
  const kind = part === 'markdown' ? 'text/plain' : 'text/html';
  return `data:${kind};charset=utf-8,${encodeURIComponent(text)}`;
}

const KINDS = ['Page', 'Data', 'Image', 'Image', 'Style', 'Script', 'Font', 'Data'];

export const NETWORK_ROWS: NetworkRow[] = Array.from({ length: 64 }, (_, index) => {
  const kind = KINDS[index % KINDS.length] ?? 'Other';
  const failed = index % 17 === 13;
  return {
    index,
    address: `http://sample.shop/${kind.toLowerCase()}/${index + 1}`,
    method: 'GET',
    kind,
    answer: failed ? 'Not found' : 'OK',
    failed,
    status: failed ? 404 : 200,
    content_type: kind === 'Data' ? 'application/json' : 'text/plain',
    body_size: kind === 'Data' ? 128 : 0,
  };
});

/** Display lines of a text, its tags marked when it is HTML. */
export function textLines(text: string, html: boolean): TextLine[] {
  return text.split('\n').map((line, index) => ({
    number: index + 1,
    spans: html ? markTags(line) : [{ kind: 'text', text: line }],
  }));
}

function markTags(line: string): TextSpan[] {
  return line
    .split(/(<!--.*?-->|<[^>]*>)/)
    .filter((piece) => piece !== '')
    .map((text) => ({ kind: spanKind(text), text }));
}

function spanKind(piece: string): SpanKind {
  if (piece.startsWith('<!--')) return 'comment';
  return piece.startsWith('<') ? 'tag' : 'text';
}

function part(name: PartView['part'], size: number, rest: Partial<PartView> = {}): PartView {
  return { part: name, size, count: 0, width: 0, height: 0, content_type: 'text/html', ...rest };
}

export function sampleParts(form: ScrapeForm): PartView[] {
  const parts = [part('page', PAGE_HTML.length)];
  parts.push(part('markdown', 0, { content_type: 'text/markdown' }));
  if (form.screenshot) {
    const shot = { width: 1280, height: SHOT_HEIGHT, content_type: 'image/png' };
    parts.push(part('screenshot', 412_000, shot));
  }
  if (form.extract.length > 0) {
    parts.push(part('data', 0, { count: DATA_ROWS.length, content_type: 'application/json' }));
  }
  if (form.record_network) {
    parts.push(
      part('network', 0, { count: NETWORK_ROWS.length, content_type: 'application/json' }),
    );
  }
  return parts;
}

/** A result that worked; the other verdicts change what differs. */
export function sampleResult(id: string, form: ScrapeForm, local: boolean): ResultView {
  const address = form.address || SAMPLE_ADDRESS;
  return {
    id,
    address,
    site: address.replace(/^https?:\/\/(www\.)?/, '').split('/')[0] ?? address,
    title: 'Tents – Nordlys Outfitters',
    verdict: 'success',
    headline: 'The page was read.',
    explanation: '',
    error_type: '',
    error_provider: '',
    status: 200,
    message: '',
    account_name: local ? 'On this computer' : 'Acme – production',
    local,
    credits: local ? 0 : form.browser ? 5 : 1,
    refunded: false,
    duration_ms: form.browser ? 6210 : 840,
    size: PAGE_HTML.length,
    created_at: Math.floor(Date.now() / 1000),
    form,
    parts: sampleParts(form),
    next_steps: [],
    suggestion: null,
    stop_reason: '',
  };
}

export function blockedResult(id: string, form: ScrapeForm, local: boolean): ResultView {
  const suggested: ScrapeForm = { ...form, browser: true, retry_on_block: true };
  const rendered = {
    title: 'Render in a real browser',
    explanation: 'The page is opened as a person would see it.',
  };
  const retried = {
    title: 'Try again if blocked',
    explanation: 'The service tries other ways by itself.',
  };
  return {
    ...sampleResult(id, form, local),
    verdict: 'blocked',
    headline: 'The site showed a captcha.',
    explanation: 'It took the visit for a robot. A real browser often gets through.',
    error_type: 'captcha',
    error_provider: 'cloudflare',
    status: 403,
    message: 'captcha detected',
    title: form.address,
    parts: [part('page', 1_400)],
    next_steps: ['Render in a real browser.', 'Try again with retry when blocked.'],
    suggestion: {
      form: suggested,
      changes: [{ ...(form.browser ? retried : rendered), from: 'Off', to: 'On' }],
      cost: { credits: local ? 0 : 5, free: local },
    },
  };
}

export function failedResult(id: string, form: ScrapeForm, local: boolean): ResultView {
  return {
    ...sampleResult(id, form, local),
    verdict: 'failed',
    headline: 'The page does not exist any more.',
    explanation: 'The site answered that there is nothing at this address.',
    error_type: 'not_found',
    status: 404,
    message: '404 Not Found',
    title: form.address,
    parts: [],
    next_steps: ['Check the address.'],
    stop_reason: 'The address leads nowhere.',
  };
}

export function fileResult(id: string, form: ScrapeForm, local: boolean): ResultView {
  return {
    ...sampleResult(id, form, local),
    title: 'tents.pdf',
    headline: 'The file was fetched.',
    size: 184_320,
    parts: [part('file', 184_320, { content_type: 'application/pdf' })],
  };
}
