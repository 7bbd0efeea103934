// Completes the names of a formula: lists the possible names for the word at the caret, under the input (W3C's ARIA combobox
// pattern).
// Invariant: the focus stays in the input; the list is open only while a word is begun and neither taken nor refused.

import { createEffect, createSignal, createUniqueId, Index, onCleanup } from 'solid-js';
import type { Completion } from '../../core/plan/language';
import { isReplacing, replaceText } from './formula-typing';

/** The completions for a text with the caret at index `at`. */
export type Offer = (text: string, at: number) => readonly Completion[];

const MARGIN = 4;

const ENTER = { key: 'Enter', bubbles: true, cancelable: true };

/** Places the list below the input, or above the input where there is no room below. */
function placeBeside(list: HTMLElement, input: HTMLElement): void {
  const box = input.getBoundingClientRect();
  const below = box.bottom + MARGIN;
  const top = below + list.offsetHeight > innerHeight ? box.top - MARGIN - list.offsetHeight : below;
  const left = Math.min(box.left, innerWidth - list.offsetWidth - MARGIN);
  list.style.top = `${Math.max(MARGIN, top)}px`;
  list.style.left = `${Math.max(MARGIN, left)}px`;
}

/** Whether the offered texts are whole contents, as the values of a choice are, and no names within a formula. */
const isContent = (item: Completion | undefined, text: string): boolean =>
  item !== undefined && item.from === 0 && item.to === text.length && !text.trim().startsWith('=');

/**
 * Adds name completion to an input, for as long as the Solid owner lives. Returns the list's element; the
 * caller inserts the element beside the input.
 */
export function completeIn(input: HTMLInputElement, offer: Offer): HTMLElement {
  const id = createUniqueId();
  const [items, setItems] = createSignal<readonly Completion[]>([]);
  const [chosen, setChosen] = createSignal(-1);
  const optionId = (index: number): string => `${id}-${index}`;
  const done = new AbortController();
  const { signal } = done;

  function close(): void {
    setItems([]);
    setChosen(-1);
  }
  function open(): void {
    const at = input.selectionStart ?? 0;
    const offered = isReplacing(input) || at !== input.selectionEnd ? [] : offer(input.value, at);
    const [first] = offered;
    // A name that is already complete needs no list.
    const isWhole = offered.length === 1 && first?.text === input.value.slice(first?.from, first?.to);
    setChosen(-1);
    setItems(isWhole ? [] : offered);
  }
  /** Opens the whole list of a choice with its present value chosen; returns whether there is such a list. */
  function openWhole(): boolean {
    const all = offer('', 0);
    if (!isContent(all[0], '')) return false;
    setItems(all.map((item) => ({ ...item, to: input.value.length })));
    // Another text is kept until a value is chosen.
    setChosen(all.findIndex(({ text }) => text === input.value.trim()));
    return true;
  }
  function take(index: number): void {
    const item = items()[index];
    close();
    if (item) replaceText(input, item, item.text);
  }
  function choose(by: 1 | -1): void {
    const count = items().length;
    setChosen((before) => (before < 0 && by < 0 ? count - 1 : (before + by + count) % count));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.isComposing) return;
    const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
    if (items().length === 0) {
      if (key !== 'ArrowDown' || shiftKey || ctrlKey || metaKey || !openWhole()) return;
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const takesAll = isContent(items()[0], input.value);
    const isPlain = !(shiftKey || ctrlKey || metaKey || altKey);
    if (isPlain && key === 'ArrowDown') choose(1);
    else if (isPlain && key === 'ArrowUp') choose(-1);
    else if (isPlain && /^(Enter|Tab)$/.test(key) && takesAll) {
      // The value of a choice is taken and committed at once.
      if (chosen() >= 0) take(chosen());
      close();
      return;
    } else if (key === 'Escape' && takesAll) {
      close();
      return;
    } else if (isPlain && key === 'Tab') take(Math.max(0, chosen()));
    else if (isPlain && key === 'Enter' && chosen() >= 0) take(chosen());
    else if (key === 'Escape') close();
    else {
      if (/^(Arrow|Home|End|Enter|Tab)/.test(key)) close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  input.addEventListener('keydown', onKeyDown, { signal });
  input.addEventListener('input', open, { signal });
  input.addEventListener('blur', close, { signal });
  input.addEventListener('click', close, { signal });

  const list = (
    <div
      id={id}
      role="listbox"
      class="completions"
      popover="manual"
      aria-label={isContent(items()[0], input.value) ? 'Values' : 'Names'}
      // A press on the list must reach neither the sheet below nor the focus.
      on:pointerdown={(event: Event) => event.stopPropagation()}
      on:mousedown={(event: Event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <Index each={items()}>
        {(item, index) => (
          <div
            id={optionId(index)}
            role="option"
            tabIndex={-1}
            aria-selected={chosen() === index}
            on:click={(event: Event) => {
              event.stopPropagation();
              const isValue = isContent(item(), input.value);
              take(index);
              // A value that is clicked is committed, as by Enter.
              if (isValue) input.dispatchEvent(new KeyboardEvent('keydown', ENTER));
            }}
          >
            <span>{item().text}</span> <span class="about">{item().about}</span>
          </div>
        )}
      </Index>
    </div>
  ) as HTMLElement;

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-haspopup', 'listbox');
  createEffect(() => {
    const isOpen = items().length > 0;
    input.setAttribute('aria-expanded', String(isOpen));
    if (isOpen) input.setAttribute('aria-controls', id);
    else input.removeAttribute('aria-controls');
    if (!list.isConnected) return;
    list.togglePopover(isOpen);
    if (isOpen) placeBeside(list, input);
  });
  createEffect(() => {
    const index = chosen();
    if (index < 0) input.removeAttribute('aria-activedescendant');
    else {
      input.setAttribute('aria-activedescendant', optionId(index));
      document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' });
    }
  });
  const follow = (): void => {
    if (items().length > 0) placeBeside(list, input);
  };
  addEventListener('scroll', follow, { capture: true, passive: true, signal });
  addEventListener('resize', follow, { signal });
  onCleanup(() => {
    done.abort();
    list.remove();
  });
  return list;
}
