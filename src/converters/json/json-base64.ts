/** Base64 as Jackson reads it: padding is required, white space may stand between groups of four. */

const GROUP = /^[A-Za-z0-9+/]{2}(?:==|[A-Za-z0-9+/][A-Za-z0-9+/=])$/;
const STRICT = /^[A-Za-z0-9+/]*={0,2}$/;

/** The bytes, or null if the text is not such base64. */
export function decodeBase64(text: string): Buffer | null {
  // Node's decoder takes anything, so its input is checked first; padding within takes the long way
  if (text.length % 4 === 0 && STRICT.test(text)) return Buffer.from(text, 'base64');
  const groups: Buffer[] = [];
  for (let i = 0; i < text.length; ) {
    if (text.charCodeAt(i) <= 0x20) {
      i++;
      continue;
    }
    const group = text.slice(i, i + 4);
    if (!GROUP.test(group)) return null;
    groups.push(Buffer.from(group, 'base64'));
    i += 4;
  }
  return Buffer.concat(groups);
}
