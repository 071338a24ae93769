/** Keys of Java maps in a JS map, which distinguishes objects that are equal in Java. */
import { dataEqual } from '../schema/equality';
import { javaText } from './java-text';

/**
 * A function that returns the equal key it was called with before, or else the key itself. Equal keys have equal texts, so a key is
 * compared with few others.
 */
export function keyInterner(): (key: unknown) => unknown {
  const byText = new Map<string, unknown[]>();
  return key => {
    if (typeof key !== 'object' || key === null) return key;
    const text = javaText(key);
    const known = byText.get(text) ?? [];
    const equal = known.find(candidate => dataEqual(candidate, key));
    if (equal !== undefined) return equal;
    byText.set(text, [...known, key]);
    return key;
  };
}
