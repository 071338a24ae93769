/**
 * What `connectors.state.file` keeps, and what takes precedence at the next start. If a connector file is unchanged, changes made over REST
 * to its connector are kept: settings, pause, stop, removal. If it was edited, its settings take precedence; the connector stays paused or
 * stopped unless the file says otherwise. A connector whose file is no longer on the command line is forgotten.
 */
import { createHash } from 'node:crypto';
import type { ConnectorFile } from '../../config/files/connector-file';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import type { TargetState } from '../connector-runner';
import type { ConnectorStore, WantedConnector } from '../ports';
import type { ConnectorStateFile, KeptConnector } from './connector-state-file';

const stateFileModule = (): typeof import('./connector-state-file') => require('./connector-state-file');

const log = getLogger('org.apache.kafka.connect.storage.ConnectorStateFile');

const TARGETS = { RUNNING: 'STARTED', PAUSED: 'PAUSED', STOPPED: 'STOPPED' } as const;

/** The target state that a connector file asks for; null if it says nothing. */
export function targetOf({ initialState }: ConnectorFile): TargetState | null {
  return initialState && TARGETS[initialState];
}

export class KeptConnectors implements ConnectorStore {
  private readonly connectors = new Map<string, KeptConnector>();
  private readonly deleted = new Map<string, string>();
  /** Fingerprints of the connector files of this command line, by connector. */
  private readonly files = new Map<string, string>();
  private file: ConnectorStateFile | null = null;

  /** @param path value of `connectors.state.file` */
  constructor(private readonly path: string) {}

  /** Locks and reads the file; before any other method. @throws ConnectException that names the path */
  async open(): Promise<void> {
    const { file, state } = await stateFileModule().ConnectorStateFile.open(this.path);
    this.file = file;
    for (const [name, connector] of state.connectors) this.connectors.set(name, connector);
    for (const [name, fingerprint] of state.deleted) this.deleted.set(name, fingerprint);
    log.info(`${this.path} keeps ${this.connectors.size} connectors`);
  }

  /** Settings and target state for the connector of a file; null if it was deleted over REST and its file has not changed since. */
  fromFile(file: ConnectorFile): WantedConnector | null {
    const { name, config } = file;
    const fingerprint = this.noteFile(file);
    if (this.deleted.get(name) === fingerprint) {
      log.info(`Connector ${name} was deleted over REST; its file has not changed since, so it is not created again`);
      return null;
    }
    const kept = this.connectors.get(name);
    if (kept?.file === fingerprint) return { name, config: kept.config, target: kept.target };
    if (kept) log.info(`The file of connector ${name} is new or was changed: its settings replace those in ${this.path}`);
    return { name, config, target: targetOf(file) ?? kept?.target ?? 'STARTED' };
  }

  /** Notes the current version of a connector file; later changes of its connector are kept with this version. */
  noteFile({ name, config, initialState }: ConnectorFile): string {
    const sorted = Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1));
    const fingerprint = createHash('sha256')
      .update(JSON.stringify([sorted, initialState]))
      .digest('hex');
    this.files.set(name, fingerprint);
    return fingerprint;
  }

  /** Connectors that were created over REST, in the order of their creation. Call it once all files have been read. */
  fromRest(): WantedConnector[] {
    for (const [name, { file }] of this.connectors) {
      if (file === null || this.files.has(name)) continue;
      log.info(`Connector ${name} came from a file that is not on the command line any more; it is forgotten`);
      this.connectors.delete(name);
    }
    const own = [...this.connectors].filter(([name]) => !this.files.has(name));
    return own.map(([name, { config, target }]) => ({ name, config, target }));
  }

  keep({ name, config, target }: WantedConnector): Promise<void> {
    this.connectors.set(name, { config, target, file: this.files.get(name) ?? null });
    this.deleted.delete(name);
    return this.save();
  }

  forget(name: string): Promise<void> {
    this.connectors.delete(name);
    const fingerprint = this.files.get(name);
    if (fingerprint !== undefined) this.deleted.set(name, fingerprint);
    return this.save();
  }

  /** Waits for the current write. Never throws. */
  async close(): Promise<void> {
    await this.file?.close().catch(error => log.error(`Failed to close ${this.path}`, error));
  }

  private async save(): Promise<void> {
    try {
      await this.file?.save({ connectors: new Map(this.connectors), deleted: new Map(this.deleted) });
    } catch (error) {
      throw new ConnectError(
        'ConnectException',
        'The change has been made, but will be lost at the next start: it could not be kept',
        error,
      );
    }
  }
}
