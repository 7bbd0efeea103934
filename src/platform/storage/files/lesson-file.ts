// The file of a lesson, `.gradsheet`: JSON in UTF-8, with one line for each step, which a teacher can put into another order by hand.
//   { "format": "gradsheet lesson", "version": 1, "title"?, "steps": [{ "address", "predict"? }, …] }
// Invariant: reading gives a whole lesson or nothing; whether a step can be read is for the reader of addresses. The file has no
// checksum, because it is made to be edited.

import * as v from 'valibot';
import { type Lesson, MAX_LESSON, MAX_STEPS } from '../../../core/sheet/lesson';
import { MAX_PREDICTION } from '../../../core/sheet/prediction';
import { cleanName } from '../../../core/sheet/sheet';
import { parseJson } from '../checksums';
import { FileFault } from '../file-fault';

const FORMAT = 'gradsheet lesson';
const VERSION = 1;

/** Returns the text of a lesson's file. */
export function writeLessonFile({ title, steps }: Lesson): string {
  const head = { format: FORMAT, version: VERSION, ...(title !== undefined && { title }) };
  const lines = steps.map(({ address, predict }) =>
    JSON.stringify({ address, ...(predict !== undefined && { predict }) }),
  );
  const fields = JSON.stringify(head, null, 2).replace(/\n\}$/, ',\n');
  return `${fields}  "steps": [\n${lines.map((line) => `    ${line}`).join(',\n')}\n  ]\n}\n`;
}

// Accepts fields of later versions.
const lessonFile = v.looseObject({
  version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  title: v.exactOptional(v.string(), ''),
  steps: v.pipe(
    v.array(
      v.looseObject({
        address: v.pipe(v.string(), v.maxLength(MAX_LESSON)),
        predict: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_PREDICTION))),
      }),
    ),
    v.minLength(1),
    v.maxLength(MAX_STEPS),
  ),
});

/** Reads a lesson's file; undefined if the file is of another format. Throws `FileFault`, which names the place. */
export function readLessonFile(bytes: Uint8Array): Lesson | undefined {
  const data = parseJson(bytes);
  if (typeof data !== 'object' || data === null || !('format' in data) || data.format !== FORMAT)
    return undefined;
  const parsed = v.safeParse(lessonFile, data, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new FileFault(`${v.getDotPath(issue) ?? 'the lesson'}: ${issue.message}`);
  }
  const title = cleanName(parsed.output.title).trim();
  return {
    ...(title !== '' && { title }),
    steps: parsed.output.steps.map(({ address, predict }) => ({
      address,
      ...(predict !== undefined && predict !== '' && { predict }),
    })),
  };
}
