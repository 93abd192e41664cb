/**
 * Cuts a text into training and validation. Every character is in one part, and no prediction reaches from one part
 * into the other: the parts are encoded, and read, each for itself.
 *
 *   'end'       training                              │ validation
 *   S streams   training │ v │ training │ v │ training │ v          S pieces of equal length, the end of each held out
 *
 * The second is the split of char-rnn (Karpathy 2015): validation comes from all over the text.
 */

/** The pieces of both parts, in the order of the text. */
export interface SplitText {
  training: string[];
  validation: string[];
  /** Code points of each part. */
  characters: { training: number; validation: number };
}

/**
 * @param fraction The share of validation, from 0 to below 1.
 * @param streams S; 1 holds out the end of the text.
 */
export function splitText(text: string, fraction: number, streams = 1): SplitText {
  const characters = [...text];
  const length = Math.ceil(characters.length / streams);
  const split: SplitText = { training: [], validation: [], characters: { training: 0, validation: 0 } };
  for (let s = 0; s < streams; s++) {
    const piece = characters.slice(s * length, (s + 1) * length);
    const cut = piece.length - Math.round(piece.length * fraction);
    split.training.push(piece.slice(0, cut).join(''));
    split.validation.push(piece.slice(cut).join(''));
    split.characters.training += cut;
    split.characters.validation += piece.length - cut;
  }
  return split;
}
