// Says for whom the address of a page works, from the address alone.
// Invariant: an address that works for anybody is never called private. Asks no network: a name that only a local name server
// knows, such as one of a company, counts as public unless its ending is reserved.

/** The people for whom an address works: those at this computer, those in this network, or anyone. */
type Reach = 'computer' | 'network' | 'anyone';

/** The endings of names that name servers of the internet never know (RFC 6762, RFC 8375; `internal` is reserved by ICANN). */
const LOCAL_NAME = /\.(local|internal|home\.arpa|lan)$/;

/** The reach of the IPv4 address a.b.…, by its first two bytes (RFC 6890). */
function reachOfBytes(a: number, b: number): Reach {
  if (a === 127 || a === 0) return 'computer';
  const isPrivate =
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128);
  return isPrivate ? 'network' : 'anyone';
}

/** The reach of an IPv6 address in the short form that URLs have. */
function reachOfGroups(address: string): Reach {
  if (address === '::1' || address === '::') return 'computer';
  const [, mapped] = /^::ffff:([\da-f]{1,4}):/.exec(address) ?? [];
  if (mapped !== undefined) {
    const bytes = Number.parseInt(mapped, 16);
    return reachOfBytes(bytes >> 8, bytes & 255);
  }
  return /^f([cd][\da-f]{2}|e[89ab][\da-f]):/.test(address) ? 'network' : 'anyone';
}

/** Returns for whom a page works, by the whole address of the page. */
export function reachOf(page: string): Reach {
  const { protocol, hostname } = new URL(page);
  if (protocol === 'file:') return 'computer';
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host.startsWith('[')) return reachOfGroups(host.slice(1, -1));
  const [, a, b] = /^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host) ?? [];
  if (a !== undefined && b !== undefined) return reachOfBytes(Number(a), Number(b));
  if (host === 'localhost' || host.endsWith('.localhost')) return 'computer';
  return host.includes('.') && !LOCAL_NAME.test(host) ? 'anyone' : 'network';
}
