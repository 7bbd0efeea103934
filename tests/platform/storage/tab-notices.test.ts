// Notices between tabs, over Node's own BroadcastChannel: heard by the others, and looked for again where one may be missed.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Notices, openNotices } from '../../../src/platform/storage/tab-notices';

class Page extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  turn(state: DocumentVisibilityState): void {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const opened: Notices[] = [];
afterEach(() => {
  for (const notices of opened.splice(0)) notices.close();
});

function open(environment: Parameters<typeof openNotices>[2]): { heard: unknown[]; notices: Notices } {
  const heard: unknown[] = [];
  const notices = openNotices('test-notices', (message) => heard.push(message), environment);
  opened.push(notices);
  return { heard, notices };
}

describe('a notice', () => {
  test('is heard by the other tabs and not by its own', async () => {
    const [one, other] = [open({ BroadcastChannel }), open({ BroadcastChannel })];
    one.notices.post({ keys: ['a'] });
    await vi.waitFor(() => expect(other.heard).toEqual([{ keys: ['a'] }]));
    expect(one.heard).toEqual([]);
  });

  test('is neither heard nor posted after closing', async () => {
    const page = new Page();
    const [one, other, third] = [
      open({ BroadcastChannel }),
      open({ BroadcastChannel, document: page }),
      open({ BroadcastChannel }),
    ];
    other.notices.close();
    other.notices.post('from the dead');
    page.turn('visible');
    one.notices.post('to all');
    await vi.waitFor(() => expect(third.heard).toEqual(['to all']));
    expect(other.heard).toEqual([]);
    expect(one.heard).toEqual([]);
  });
});

describe('a tab reads again', () => {
  test.each([
    ['there is no channel', undefined],
    [
      'the channel is refused',
      class {
        constructor() {
          throw new DOMException('not here', 'SecurityError');
        }
        addEventListener() {}
        removeEventListener() {}
        postMessage() {}
        close() {}
      },
    ],
  ])('on becoming visible, also where %s', (_, refused) => {
    const page = new Page();
    const { heard, notices } = open({ BroadcastChannel: refused, document: page });
    notices.post('nobody hears it');
    page.turn('hidden');
    expect(heard).toEqual([]);
    page.turn('visible');
    expect(heard).toEqual([undefined]);
  });

  test('after it was frozen, and where a message cannot be read', () => {
    const page = new Page();
    const channels: EventTarget[] = [];
    class Channel extends EventTarget {
      constructor(readonly name: string) {
        super();
        channels.push(this);
      }
      postMessage() {}
      close() {}
    }
    const { heard } = open({ BroadcastChannel: Channel, document: page });
    page.dispatchEvent(new Event('resume'));
    channels[0]?.dispatchEvent(new Event('messageerror'));
    expect(heard).toEqual([undefined, undefined]);
  });
});
