// Attaches to the grid everything that works on a selection besides typing: clipboard, Ctrl+R and Ctrl+D, the handle, the
// panel.
// Invariant: loaded after the first paint; nothing remains after it is detached.
// Knows no formulas and no costs; this file only connects the parts to the grid.

import { render } from 'solid-js/web';
import { late, withPart } from '../../core/late-loading';
import { linesOf, readBlock, selectedArea } from './block-reading';
import { attachClipboard } from './clipboard';
import { fillDown, fillRight } from './fill';
import { FillHandle } from './fill-handle';
import { type FillWorkspace, makeEdit } from './fill-workspace';
import './filling.css';

const sweepPanel = late(() => import('./sweep-panel'));

/** Operations on the grid's selection, for keys and menus. */
export interface Fillings {
  /** Copies the first selected column to the other columns, or the first selected row to the rows below. */
  copy(direction: 'right' | 'down'): void;
  /** Pastes a text at the selection; a text that was copied here keeps its formulas. */
  paste(text: string): void;
  /** Opens the panel for filling or for sweeping. */
  open(use: 'fill' | 'sweep'): void;
  end(): void;
}

/**
 * Attaches clipboard, fill handle and panel to the grid in `host`, the scrolling element. `end` detaches
 * them.
 */
export function attachFilling(host: HTMLElement, workspace: FillWorkspace): Fillings {
  const clipboard = attachClipboard(host, workspace);
  const layer = document.createElement('div');
  host.append(layer);
  const dispose = render(() => <FillHandle workspace={workspace} host={host} />, layer);
  let close: (() => void) | undefined;

  function copy(direction: 'right' | 'down'): void {
    const fill = direction === 'right' ? fillRight : fillDown;
    const { edit, reason } = fill(
      workspace.session.sheet(),
      linesOf(workspace),
      selectedArea(workspace),
      (area) => readBlock(workspace, area),
    );
    if (edit) makeEdit(workspace, edit);
    else workspace.session.say(`Nothing was filled: ${reason}.`);
  }

  function open(use: 'fill' | 'sweep'): void {
    withPart(sweepPanel, ({ openPanel }) => {
      close?.();
      close = openPanel(workspace, use);
    });
  }

  return {
    copy,
    paste: clipboard.paste,
    open,
    end() {
      close?.();
      clipboard.end();
      dispose();
      layer.remove();
    },
  };
}
