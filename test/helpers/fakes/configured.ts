/** Transformations as tests apply them. */
import type { TransformationPlugin } from '../../../src/api/plugin';
import type { ConnectRecord } from '../../../src/data/record/record';

/** A transformation that keeps all records. */
interface Keeper {
  apply<R extends ConnectRecord>(record: R): R;
}

/** One transformation of those given, by the end of its class name, configured; a record that it drops is an error. */
export function configured(plugins: readonly TransformationPlugin[], name: string, settings: Readonly<Record<string, string>>): Keeper {
  const plugin = plugins.find(({ className }) => className.endsWith(name));
  if (!plugin) throw new Error(`No plugin ${name}`);
  const transformation = plugin.create();
  transformation.configure(settings);
  return {
    apply: record => {
      const result = transformation.apply(record);
      if (!result) throw new Error('The record is dropped');
      return result;
    },
  };
}
