// The head of a printed page: the sheet's name, its address, the date.
// Invariant: it is on the page only while the page is printed, and says what is true then. Knows no sheet: the page's title has
// the name.

import './print.css';

function headOf(title: string, lines: readonly string[]): HTMLElement {
  const head = document.createElement('header');
  head.className = 'print-head';
  const name = document.createElement('h1');
  name.textContent = title;
  const paragraphs = lines.map((line) => {
    const paragraph = document.createElement('p');
    paragraph.textContent = line;
    return paragraph;
  });
  head.append(name, ...paragraphs);
  return head;
}

/** Puts the head on every page that is printed from now on. Returns a function that ends this. */
export function keepPrintHead(): () => void {
  let head: HTMLElement | undefined;
  const add = (): void => {
    const date = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' }).format(new Date());
    head?.remove();
    head = headOf(document.title.replace(/ · Gradsheet$/, ''), [location.href, date]);
    document.body.prepend(head);
  };
  const remove = (): void => head?.remove();
  addEventListener('beforeprint', add);
  addEventListener('afterprint', remove);
  return () => {
    removeEventListener('beforeprint', add);
    removeEventListener('afterprint', remove);
    remove();
  };
}
