/**
 * A sink of your own: posts the records of topics to a URL, a batch at a time, one line each.
 *
 *   npm install && npm test
 *   connect-standalone worker.properties sink.properties
 *
 * Worth a look: which failures are tried again, which are reported record by record, and which end the task. This package is an ES
 * module (`"type": "module"`); CommonJS does as well.
 */
import {
  atLeast,
  ConfigDef,
  ConnectError,
  invalidValue,
  NO_DEFAULT,
  type Props,
  type SinkConnector,
  type SinkPlugin,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
} from 'connect-standalone/api';

const CONFIG = new ConfigDef()
  .define({
    name: 'url',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: (key, value) => {
      if (!URL.canParse(String(value))) throw invalidValue(key, value, 'Not a URL');
    },
    importance: 'HIGH',
    doc: 'Where to post batches, e.g. http://localhost:8080/lines',
  })
  .define({
    name: 'timeout.ms',
    type: 'INT',
    defaultValue: 10_000,
    validator: atLeast(1),
    importance: 'LOW',
    doc: 'How long to wait for an answer before the batch is posted again.',
  });

class HttpSinkConnector implements SinkConnector {
  private props: Props = {};

  version(): string {
    return '1.0.0';
  }

  config(): ConfigDef {
    return CONFIG;
  }

  start(props: Props): void {
    this.props = props;
  }

  /** The partitions of the topics are divided among the tasks by Kafka, so all tasks have the same settings. */
  taskConfigs(maxTasks: number): Props[] {
    return Array.from({ length: maxTasks }, () => this.props);
  }

  stop(): void {}
}

class HttpSinkTask implements SinkTask {
  private context!: SinkTaskContext;
  private url = '';
  private timeoutMs = 0;

  start(props: Props, context: SinkTaskContext): void {
    const config = CONFIG.parse(props);
    this.context = context;
    this.url = config.getString('url');
    this.timeoutMs = config.getInt('timeout.ms');
  }

  /** Whatever returns without an error counts as delivered, and its offsets are committed; so there is no `flush` here. */
  async put(records: readonly SinkRecord[]): Promise<void> {
    const lines: string[] = [];
    for (const record of records) {
      if (typeof record.value === 'string') lines.push(`${record.value}\n`);
      else await this.report(record, new ConnectError('DataException', 'The value is no text; use StringConverter'));
    }
    if (lines.length > 0) await this.post(lines.join(''));
  }

  /** One bad record: it goes where `errors.tolerance` and the dead letter settings send it; without them the task fails. */
  private async report(record: SinkRecord, error: ConnectError): Promise<void> {
    const { errantRecordReporter } = this.context;
    if (!errantRecordReporter) throw error;
    await errantRecordReporter(record, error);
  }

  private async post(body: string): Promise<void> {
    const response = await this.answerTo(body);
    if (response.ok) return;
    const text = `${this.url} answered ${response.status}`;
    // Trouble of the server passes: the same records come again. What it refuses now it will refuse next time too.
    throw new ConnectError(response.status >= 500 ? 'RetriableException' : 'ConnectException', text);
  }

  private async answerTo(body: string): Promise<Response> {
    try {
      const signal = AbortSignal.timeout(this.timeoutMs);
      return await fetch(this.url, { method: 'POST', headers: { 'content-type': 'text/plain; charset=utf-8' }, body, signal });
    } catch (error) {
      this.context.timeout(1000);
      throw new ConnectError('RetriableException', `No answer from ${this.url}`, error);
    }
  }

  stop(): void {}
}

export const httpSinkPlugin: SinkPlugin = {
  className: 'com.example.HttpSinkConnector',
  taskClassName: 'com.example.HttpSinkTask',
  version: '1.0.0',
  type: 'sink',
  createConnector: () => new HttpSinkConnector(),
  createTask: () => new HttpSinkTask(),
};
