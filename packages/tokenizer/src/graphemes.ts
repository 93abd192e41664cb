/**
 * Graphemes, what a reader sees as one character (Unicode UAX #29), by `Intl.Segmenter`.
 *
 * The time that the segmenter needs for one of them grows with the length of the text it was given (V8), so
 * it gets the text in windows. Whether a grapheme ends somewhere depends on that grapheme and the code point
 * behind it only: every grapheme of a window but its last is one of the whole text, and the next window
 * begins where the last one did.
 */

/** UTF-16 units; doubled while one grapheme fills the window. */
const WINDOW = 256;

/** The graphemes of `text`: put together, they are the text. */
export function* graphemes(text: string): Generator<string> {
  // The root locale: where graphemes end must not depend on the language of the machine.
  const segmenter = new Intl.Segmenter('und');
  for (let start = 0, size = WINDOW; start < text.length; ) {
    const last = start + size - 1;
    const end = text.codePointAt(last)! > 0xffff ? last + 2 : last + 1; // don't cut a surrogate pair
    const found = Array.from(segmenter.segment(text.slice(start, end)), ({ segment }) => segment);
    if (end < text.length) found.pop();
    size = found.length ? WINDOW : size * 2;
    for (const segment of found) {
      yield segment;
      start += segment.length;
    }
  }
}
