// All that can be done with a selection besides typing: clipboard, Ctrl+R and Ctrl+D, the handle, the panel.
// Invariant: it is loaded after the first paint and leaves nothing behind once it is ended.
// Knows no formulas and no costs; it only brings the parts to the grid.

import { render } from 'solid-js/web';
import { late, withPart } from '../../core/late';
import { linesOf, readBlock, selectedArea } from './block-reading';
import { attachClipboard } from './clipboard';
import { fillDown, fillRight } from './fill';
import { type FillDesk, makeEdit } from './fill-desk';
import { FillHandle } from './fill-handle';
import './filling.css';

const sweepPanel = late(() => import('./sweep-panel'));

/** What others may ask of it. */
export interface Fillings {
  /** Copies the first selected column to the others, or the first row to those below. */
  copy(direction: 'right' | 'down'): void;
  /** Opens the panel. */
  open(use: 'fill' | 'sweep'): void;
  end(): void;
}

/** Brings filling to the grid that scrolls in `host`. */
export function attachFilling(host: HTMLElement, desk: FillDesk): Fillings {
  const detach = attachClipboard(host, desk);
  const layer = document.createElement('div');
  host.append(layer);
  const dispose = render(() => <FillHandle desk={desk} host={host} />, layer);
  let close: (() => void) | undefined;

  function copy(direction: 'right' | 'down'): void {
    const fill = direction === 'right' ? fillRight : fillDown;
    const { edit, reason } = fill(desk.session.sheet(), linesOf(desk), selectedArea(desk), (area) =>
      readBlock(desk, area),
    );
    if (edit) makeEdit(desk, edit);
    else desk.session.say(`Nothing was filled: ${reason}.`);
  }

  function open(use: 'fill' | 'sweep'): void {
    withPart(sweepPanel, ({ openPanel }) => {
      close?.();
      close = openPanel(desk, use);
    });
  }

  return {
    copy,
    open,
    end() {
      close?.();
      detach();
      dispose();
      layer.remove();
    },
  };
}
