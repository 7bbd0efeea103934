// What a host needs to serve the built folder: the policy and the other headers, the files that tell common hosts to send them,
// and the tags by which other programs describe a link to the page.
// Invariant: every file and the page's own `<meta>` are written from one list of headers, so they cannot differ.
// Knows neither what the page does nor where the folder will be served, except by GRADSHEET_URL.

import type { Plugin } from 'vite';

/** Header values by name, in the order in which the files list them. */
export type Headers = Readonly<Record<string, string>>;

/** Folders of files whose names contain a hash of their content. */
const HASHED = ['assets', 'worker'];

/** Files that a browser must ask for anew at each visit, so that a newer version is found. */
const CHANGING = ['', 'index.html', 'sw.js', 'serving-worker.js', 'manifest.webmanifest'];

const FOREVER = 'public, max-age=31536000, immutable';
const ASK = 'no-cache';

const POLICY = 'Content-Security-Policy';

/** Directives that a `<meta>` cannot carry: browsers ignore them there, and complain. */
const ONLY_IN_HEADERS = /^(frame-ancestors|report-uri|sandbox)\b/;

/** The policy as a `<meta>` carries it. */
export const metaPolicy = (headers: Headers): string =>
  (headers[POLICY] ?? '')
    .split('; ')
    .filter((directive) => !ONLY_IN_HEADERS.test(directive))
    .join('; ');

/** Netlify and Cloudflare Pages. No header occurs in two rules that match one path: the two hosts merge such rules differently. */
function underscoreHeaders(headers: Headers): string {
  const rule = (path: string, values: Headers): string =>
    [path, ...Object.entries(values).map(([name, value]) => `  ${name}: ${value}`)].join('\n');
  return [
    rule('/*', headers),
    ...HASHED.map((folder) => rule(`/${folder}/*`, { 'Cache-Control': FOREVER })),
    ...CHANGING.map((file) => rule(`/${file}`, { 'Cache-Control': ASK })),
    '',
  ].join('\n');
}

function vercel(headers: Headers): string {
  const rule = (source: string, values: Headers) => ({
    source,
    headers: Object.entries(values).map(([key, value]) => ({ key, value })),
  });
  const rules = [
    rule('/(.*)', headers),
    ...HASHED.map((folder) => rule(`/${folder}/(.*)`, { 'Cache-Control': FOREVER })),
    ...CHANGING.map((file) => rule(`/${file}`, { 'Cache-Control': ASK })),
  ];
  return `${JSON.stringify({ headers: rules }, undefined, 2)}\n`;
}

const HASHED_PATH = `/(${HASHED.join('|')})/[^/]+$`;

/** Apache, for the folder that the file is in. */
const htaccess = (headers: Headers): string => `<IfModule mod_headers.c>
${Object.entries(headers)
  .map(([name, value]) => `  Header always set ${name} "${value}"`)
  .join('\n')}
  Header set Cache-Control "${ASK}"
  <If "%{REQUEST_URI} =~ m#${HASHED_PATH}#">
    Header set Cache-Control "${FOREVER}"
  </If>
</IfModule>
<IfModule mod_mime.c>
  AddType text/javascript .js
  AddType application/manifest+json .webmanifest
</IfModule>
`;

const nginx = (headers: Headers): string => `# Include this file in the location that serves the folder:
#   location /gradsheet/ { include /path/to/gradsheet/nginx.conf; }
${Object.entries(headers)
  .map(([name, value]) => `add_header ${name} "${value}" always;`)
  .join('\n')}
set $gradsheet_cache "${ASK}";
if ($uri ~ "${HASHED_PATH}") {
  set $gradsheet_cache "${FOREVER}";
}
add_header Cache-Control $gradsheet_cache;
`;

/** The files beside the page, by name. */
export const hostFiles = (headers: Headers): ReadonlyMap<string, string> =>
  new Map([
    ['_headers', underscoreHeaders(headers)],
    ['vercel.json', vercel(headers)],
    ['.htaccess', htaccess(headers)],
    ['nginx.conf', nginx(headers)],
  ]);

/**
 * Returns the address of the folder on its host, from GRADSHEET_URL; empty if that is not set. Throws an
 * Error unless the address is one of http or https without query and fragment.
 */
export function folderAddress(text: string | undefined): string {
  if (!text) return '';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash)
    throw new Error(`GRADSHEET_URL is not the address of a folder: ${text}`);
  return url.href.replace(/\/?$/, '/');
}

const CHARSET = '<meta charset="utf-8" />';
const PICTURE = /(<meta property="og:image" content=")(?:\.?\/)?/;

/**
 * Returns the plugin. It puts the policy before everything that the policy governs, makes the address of the
 * preview picture absolute if `address` is not empty, and emits the files of the hosts.
 */
export function hosting(headers: Headers, address = ''): Plugin {
  return {
    name: 'hosting',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html) {
        if (!html.includes(CHARSET)) throw new Error(`a page has no ${CHARSET}`);
        return html
          .replace(
            CHARSET,
            `${CHARSET}\n    <meta http-equiv="${POLICY}" content="${metaPolicy(headers)}" />`,
          )
          .replace(PICTURE, `$1${address}`);
      },
    },
    generateBundle() {
      for (const [fileName, source] of hostFiles(headers)) this.emitFile({ type: 'asset', fileName, source });
    },
  };
}
