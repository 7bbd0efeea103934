// The sentences of the dialog for sharing.
// Invariant: each says what the person at the other end can open. Pure; knows neither elements nor addresses.

import { grouped } from '../../core/text-formatting';
import { MOST_CHARACTERS } from './qr-code';

/** The people for whom an address works: those at this computer, those in this network, or anyone. */
export type Reach = 'computer' | 'network' | 'anyone';

/** The sentence under the address; undefined if the address works for anyone. */
export function reachText(reach: Reach): string | undefined {
  switch (reach) {
    case 'computer':
      return 'This address works on this computer only. For others, copy it without its host, or send the file.';
    case 'network':
      return 'This address works in this network only. For others, copy it without its host, or send the file.';
    case 'anyone':
      return undefined;
  }
}

/** The sentence beside the QR code. */
export function codeText(reach: Reach): string {
  switch (reach) {
    case 'computer':
      return 'The address as a QR code. A phone cannot open an address of this computer.';
    case 'network':
      return 'The address as a QR code, for the camera of a phone in this network.';
    case 'anyone':
      return 'The address as a QR code, for the camera of a phone.';
  }
}

/** The sentence in place of a QR code that would be too large; `length` is the number of characters of the address. */
export const tooLongText = (length: number): string =>
  `No QR code: the address has ${grouped(length)} characters, and a code holds ${grouped(MOST_CHARACTERS)}. ` +
  'Send the address or the file.';
