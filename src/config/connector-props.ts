/** Settings of a connector on their way into validation, and on their way to its plugin. */
import type { Props } from '../api/connector';
import { javaTrim } from '../java/trim';

/** Settings with variables resolved; null only where JSON carried it. */
export type ConnectorProps = Readonly<Record<string, string | null>>;

/** Settings with their values trimmed, as those trim who read them; without those that are null. */
export function trimmed(props: ConnectorProps): Props {
  const entries = Object.entries(props).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries.map(([key, value]) => [key, javaTrim(value)]));
}
