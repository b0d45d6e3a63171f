/**
 * Text from outside, for a message: in quotes, shortened, and with everything but printable ASCII
 * escaped, so that a look-alike letter or a control character is seen.
 */
export function quote(text: string): string {
  const shortened = text.length > 80 ? `${text.slice(0, 80)}...` : text;
  return JSON.stringify(shortened).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
