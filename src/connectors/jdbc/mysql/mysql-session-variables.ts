/** `sessionVariables` of Connector/J and of the MariaDB driver: variables to set in each session. */
import type { JdbcAddress } from '../url/jdbc-address';
import { badUrl } from '../url/url-parts';

/** One assignment, up to a comma or semicolon outside quotes and parentheses. */
const PIECE = /(?:'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|\([^()]*\)|[^'"(),;])+/gsy;
const NAME = /^(?:@@?)?(?:(?:session|local)(?:\.|\s+))?([A-Za-z_]\w*)\s*:?=/i;

/**
 * The one statement that sets them; null if there are none. The text comes from the user for the user's own session, and the driver sends
 * no second statement.
 * @throws ConfigException for anything but assignments
 */
export function sessionVariables({ properties }: JdbcAddress): string | null {
  const text = properties.get('sessionVariables');
  if (text === undefined || text.trim() === '') return null;
  const assignments = pieces(text).map(piece => {
    if (piece.startsWith('@') && !piece.startsWith('@@')) return piece;
    const [whole, name] = NAME.exec(piece) ?? [];
    if (whole === undefined) throw badUrl('sessionVariables must be name=value, with commas between them and quotes around texts');
    return `SESSION ${name} = ${piece.slice(whole.length)}`;
  });
  return `SET ${assignments.join(', ')}`;
}

function pieces(text: string): string[] {
  const found: string[] = [];
  for (let at = 0; at < text.length; at = PIECE.lastIndex + 1) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text)?.[0];
    const next = text[PIECE.lastIndex];
    if (piece === undefined || (next !== undefined && next !== ',' && next !== ';')) {
      throw badUrl('sessionVariables cannot be read: a quote or parenthesis in it is not closed, or a value is missing');
    }
    found.push(piece.trim());
  }
  return found;
}
