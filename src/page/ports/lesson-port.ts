// Connects the dialog that makes lessons to the page: the person's sheets, the link and the file of a lesson.
// Invariant: a lesson holds copies of the sheets as they are now; a sheet with an invalid text has no address and is not offered.

import type { Registry } from '../../core/kinds/kind';
import { MAX_LESSON } from '../../core/sheet/lesson';
import { writeLesson } from '../../platform/page/lesson-address';
import { pathWord } from '../../platform/storage/files/archive';
import { writeLessonFile } from '../../platform/storage/files/lesson-file';
import { SHEET_SUFFIX } from '../../platform/storage/files/sheet-file';
import { saveFile } from '../../ui/dom/save-file';
import type { LessonPort } from '../../ui/lessons/lesson-maker';
import { fullName, namedBy } from '../../ui/sheets/sheet-name';
import { type TransferSources, wholeAddress } from './transfer-port';

/** Returns the port over the page's sheets. */
export function lessonPort(registry: Registry, sources: TransferSources): LessonPort {
  const download = sources.download ?? saveFile;
  return {
    results: registry.results,
    async sheets() {
      return (await sources.listSheets()).map(({ id, sheet }) => {
        const address = wholeAddress(sheet, registry);
        return { id, name: fullName(namedBy(sheet)), sheet, ...(address !== undefined && { address }) };
      });
    },
    link: (lesson) => `${location.origin}${location.pathname}${writeLesson(lesson)}`,
    isTooLong: (lesson) => writeLesson(lesson).length > MAX_LESSON,
    save(lesson) {
      const name = `${pathWord(lesson.title ?? 'lesson')}${SHEET_SUFFIX}`;
      download(new Blob([writeLessonFile(lesson)], { type: 'application/json' }), name);
      return name;
    },
    open: (lesson) => sources.showLesson(writeLesson(lesson)),
  };
}
