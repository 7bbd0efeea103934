// The files that tell hosts which headers to send, and the tags of the page: all from one list.

import { describe, expect, test } from 'vitest';
import { folderAddress, type Headers, hostFiles, hosting, metaPolicy } from '../.scripts/hosting';
import { headers } from '../vite.config';

const FOREVER = 'public, max-age=31536000, immutable';

/** Headers by name, and how long a hashed and an unhashed file may be kept: as one file says it. */
interface Said {
  readonly sent: Headers;
  readonly hashed: string | undefined;
  readonly page: string | undefined;
}

const pairs = (text: string, form: RegExp): Headers =>
  Object.fromEntries([...text.matchAll(form)].map(([, name = '', value = '']) => [name, value]));

function without(name: string, { [name]: _, ...rest }: Headers): Headers {
  return rest;
}

/** Readers of the four files, each written from the documentation of its host. */
const READERS: Readonly<Record<string, (text: string) => Said>> = {
  _headers(text) {
    const rules = new Map<string, Headers>();
    for (const block of text.split(/^(?=\/)/m)) {
      const [path = '', ...lines] = block.trimEnd().split('\n');
      expect(rules.has(path), path).toBe(false);
      rules.set(path, pairs(lines.join('\n'), /^ {2}([\w-]+): (.+)$/gm));
    }
    const cache = (path: string) => rules.get(path)?.['Cache-Control'];
    expect(cache('/worker/*')).toBe(cache('/assets/*'));
    for (const path of ['/index.html', '/sw.js', '/serving-worker.js', '/manifest.webmanifest'])
      expect(cache(path)).toBe(cache('/'));
    return { sent: rules.get('/*') ?? {}, hashed: cache('/assets/*'), page: cache('/') };
  },
  'vercel.json'(text) {
    const rules: { headers: { source: string; headers: { key: string; value: string }[] }[] } =
      JSON.parse(text);
    const at = (path: string): Headers =>
      Object.fromEntries(
        rules.headers
          .filter(({ source }) => new RegExp(`^${source}$`).test(path))
          .flatMap((rule) => rule.headers.map(({ key, value }) => [key, value])),
      );
    expect(at('/worker/a.js')).toEqual(at('/assets/a.js'));
    expect(at('/sw.js')).toEqual(at('/'));
    return {
      sent: without('Cache-Control', at('/')),
      hashed: at('/assets/a.js')['Cache-Control'],
      page: at('/')['Cache-Control'],
    };
  },
  '.htaccess'(text) {
    const [, pattern = '^$', hashed] = text.match(/=~ m#(.+)#">\n +Header set Cache-Control "(.+)"/) ?? [];
    expect('/course/gradsheet/assets/a.js').toMatch(new RegExp(pattern));
    expect('/course/gradsheet/sw.js').not.toMatch(new RegExp(pattern));
    return {
      sent: pairs(text, /^ {2}Header always set ([\w-]+) "(.+)"$/gm),
      hashed,
      page: text.match(/^ {2}Header set Cache-Control "(.+)"$/m)?.[1],
    };
  },
  'nginx.conf'(text) {
    const [, pattern = '^$', hashed] =
      text.match(/\(\$uri ~ "(.+)"\) \{\n +set \$gradsheet_cache "(.+)";/) ?? [];
    expect('/gradsheet/worker/a.js').toMatch(new RegExp(pattern));
    return {
      sent: pairs(text, /^add_header ([\w-]+) "(.+)" always;$/gm),
      hashed,
      page: text.match(/^set \$gradsheet_cache "(.+)";$/m)?.[1],
    };
  },
};

describe('the files beside the page', () => {
  test('name the same headers as the page’s own server, and how long files may be kept', () => {
    const files = hostFiles(headers);
    expect([...files.keys()].sort()).toEqual(Object.keys(READERS).sort());
    for (const [name, text] of files)
      expect(READERS[name]?.(text), name).toEqual({ sent: headers, hashed: FOREVER, page: 'no-cache' });
  });

  test('let any page embed Gradsheet, and let a sandboxed frame read the page’s files', () => {
    const policy = headers['Content-Security-Policy'];
    expect(policy).toMatch(/; frame-ancestors \* file:$/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'/);
    expect(headers['Access-Control-Allow-Origin']).toBe('*');
    expect(Object.keys(headers)).not.toContain('X-Frame-Options');
  });

  test('hold no value that would end a quoted text early', () => {
    for (const value of Object.values(headers)) expect(value).not.toMatch(/["\\\n$%]/);
  });
});

describe('the page', () => {
  const PAGE =
    '<head>\n    <meta charset="utf-8" />\n    <meta property="og:image" content="./preview.png" />\n</head>';
  function built(address?: string): string {
    const { transformIndexHtml } = hosting(headers, address);
    if (typeof transformIndexHtml !== 'object') throw new Error('the plugin changes no page');
    const { handler } = transformIndexHtml as { handler(html: string): string };
    return handler(PAGE);
  }

  test('has the policy before all else, without what a meta cannot carry', () => {
    const meta = metaPolicy(headers);
    expect(built()).toContain(
      `<meta charset="utf-8" />\n    <meta http-equiv="Content-Security-Policy" content="${meta}" />\n`,
    );
    expect(`${meta}; frame-ancestors * file:`).toBe(headers['Content-Security-Policy']);
  });

  test('names its picture with the address of the folder, where the build knows it', () => {
    expect(built()).toContain('content="preview.png"');
    for (const text of ['https://example.org/course/gradsheet', 'https://example.org/course/gradsheet/'])
      expect(built(folderAddress(text))).toContain(
        'content="https://example.org/course/gradsheet/preview.png"',
      );
    expect(folderAddress(undefined)).toBe('');
    for (const text of ['example.org', 'javascript:alert(1)', 'https://example.org/?a', 'https://x/#v1'])
      expect(() => folderAddress(text), text).toThrow('GRADSHEET_URL');
  });
});
