/** Settings that nobody changes. Apart from what reads them, which task threads do not need. */

/** No part of it can be changed any more, but for the maps of plugins, which are theirs. */
export function freezeSettings<T extends object>(settings: T): T {
  for (const [field, value] of Object.entries(settings))
    if (field !== 'props' && typeof value === 'object' && value !== null) freezeSettings(value);
  return Object.freeze(settings);
}
