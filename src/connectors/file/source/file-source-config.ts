/** The settings of FileStreamSource, declared once for connector, task and reference. */
import { ConfigDef, NO_DEFAULT } from '../../../api/config-def';
import { nonEmptyString } from '../../../api/config-validators';

/** The settings of FileStreamSource. */
export const FILE_SOURCE_CONFIG = new ConfigDef()
  .define({
    name: 'file',
    type: 'STRING',
    defaultValue: null,
    importance: 'HIGH',
    doc: 'Source filename. If not specified, the standard input will be used',
  })
  .define({
    name: 'topic',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: nonEmptyString,
    importance: 'HIGH',
    doc: 'The topic to publish data to',
  })
  .define({
    name: 'batch.size',
    type: 'INT',
    defaultValue: 2000,
    importance: 'LOW',
    doc: 'The maximum number of records the source task can read from the file each time it is polled',
  });
