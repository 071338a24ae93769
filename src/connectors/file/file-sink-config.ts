/** The settings of FileStreamSink, declared once for connector, task and reference. */
import { ConfigDef } from '../../api/config-def';

export const FILE_SINK_CONFIG = new ConfigDef().define({
  name: 'file',
  type: 'STRING',
  defaultValue: null,
  importance: 'HIGH',
  doc: 'Destination filename. If not specified, the standard output will be used',
});
