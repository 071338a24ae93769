import { ConfigDef } from '../api/config-def';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';

const CONFIG = new ConfigDef();

/** Drops every record that reaches it; a predicate decides which do (org.apache.kafka.connect.transforms.Filter). */
class Filter implements RecordChange {
  apply(): null {
    return null;
  }

  changeShape(): 'dropped' {
    return 'dropped';
  }
}

export const filterPlugin = wholeRecordPlugin('Filter', CONFIG, Filter);
