/**
 * Which of the arguments of `npm start` is the text file: the first that is neither an option nor the value of the
 * option before it (`--cell gru`). An option written with `=` has its value in it.
 *
 * @param {string[]} given
 * @returns {{ text: string | undefined, options: string[] }} the file, and all other arguments in their order
 */
export function textArgument(given) {
  const isOption = (argument) => argument.startsWith('-');
  const at = given.findIndex(
    (argument, i) => !isOption(argument) && !(i > 0 && /^-[^=]*$/.test(given[i - 1])),
  );
  return { text: given[at], options: given.filter((_, i) => i !== at) };
}
