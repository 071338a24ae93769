import { ConfigDef } from '../api/config-def';
import type { Transformation } from '../api/transformation';
import { wholeRecordPlugin } from './record-part';

const CONFIG = new ConfigDef();

/** Drops every record that reaches it; a predicate decides which do (org.apache.kafka.connect.transforms.Filter). */
class Filter implements Transformation {
  config(): ConfigDef {
    return CONFIG;
  }

  configure(): void {}

  apply(): null {
    return null;
  }

  close(): void {}
}

export const filterPlugin = wholeRecordPlugin('Filter', () => new Filter());
