/** Keys of Java maps in a JS map, which tells objects apart that are equal in Java. */
import { dataEqual } from '../schema/equality';
import { javaText } from './java-text';

/**
 * A function that gives for each key the equal one it was asked for before, or the key itself. Equal keys have equal texts, so a
 * key is compared with few others, however many there are.
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
