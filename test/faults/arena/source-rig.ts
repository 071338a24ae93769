/** A file source under load, and the ledger of what has become of its lines. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { toError } from '../../../src/errors';
import { judgeFile, type Ledger, LineFeeder, savedLines, savedPosition } from '../../helpers/processes/line-feeder';
import { ourBinary, type Settings, startWorker, type WorkerOptions, type WorkerProcess } from '../../helpers/processes/worker-process';
import { consumeValues, dumpValues, lastValues, readTopic } from '../../helpers/servers/kafka-io';
import { KafkaWire } from '../../helpers/servers/kafka-wire';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';
import { compareTexts, modeSettings, type Outcome, type Trial } from '../fault';

/** Generous, since the machine may be slow: nothing here is measured by it. */
const PATIENCE_MS = 120_000;
/** In which a record that is too many would show. */
const SETTLE_MS = 500;
const NOBODY = 65_534;

export interface SourceRigOptions {
  readonly linesPerSecond?: number;
  /** Settings of the worker over our own. */
  readonly worker?: Settings;
  readonly connector?: Settings;
  /** Where the offset file lies, if not beside the lines. */
  readonly offsetFolder?: string;
  /** Where the worker finds its broker; the ledger always reads at the broker itself. */
  readonly bootstrap?: string;
}

/** Limits of requests and transactions: in the long form the defaults (30 and 60 s), else some that are over sooner. */
export function clientLimits({ scale }: Trial): SourceRigOptions {
  if (scale === 'long') return {};
  return { worker: { 'producer.request.timeout.ms': 3000 }, connector: { 'producer.override.transaction.timeout.ms': 5000 } };
}

export class SourceRig {
  readonly dir = new TempDir('fault');
  readonly feeder: LineFeeder;
  readonly topic: string;
  readonly file: string;
  worker: WorkerProcess | undefined;
  /** Lines that the offset file called safe when a worker ended. */
  private readonly resumesAt = new Set<number>([0]);

  private constructor(
    readonly trial: Trial,
    readonly bootstrap: string,
    private readonly options: SourceRigOptions,
  ) {
    this.topic = trial.arena.freshTopic();
    this.file = this.dir.file('lines');
    this.feeder = new LineFeeder(this.file, options.linesPerSecond ?? 20_000);
  }

  /** Runs a fault on a rig of its own, and clears it away however that ends. */
  static async use(
    trial: Trial,
    options: SourceRigOptions,
    run: (rig: SourceRig) => Promise<Outcome>,
    bootstrap?: string,
  ): Promise<Outcome> {
    const rig = new SourceRig(trial, bootstrap ?? (await trial.arena.broker()).bootstrap, options);
    try {
      return await run(rig);
    } finally {
      await rig.close();
    }
  }

  get offsetFile(): string {
    return path.join(this.options.offsetFolder ?? this.dir.path, 'offsets');
  }

  /** What stands in the connector file. */
  connectorConfig(): Settings {
    const own = { name: 'lines', 'connector.class': 'FileStreamSource', 'tasks.max': 1, file: this.file, topic: this.topic };
    return { ...own, ...this.options.connector };
  }

  /** Starts a worker where the last one ended. */
  async start(settings: Settings = {}, how: Partial<WorkerOptions> = {}): Promise<WorkerProcess> {
    this.worker = await startWorker({
      bootstrap: this.options.bootstrap ?? this.bootstrap,
      dir: this.dir,
      worker: {
        'offset.flush.interval.ms': 200,
        'offset.storage.file.filename': this.offsetFile,
        ...modeSettings(this.trial.mode),
        ...this.options.worker,
        ...settings,
      },
      connectors: [this.connectorConfig()],
      startTimeoutMs: PATIENCE_MS,
      ...how,
    });
    return this.worker;
  }

  /** Ends the worker by SIGKILL; the next one may repeat what came after the last commit. */
  async kill9(): Promise<void> {
    await this.worker?.kill9();
    this.noteCommit();
  }

  /** The worker has ended: what its offset file says is where the next one may begin. @returns lines that it calls safe */
  noteCommit(offsetFile = this.offsetFile): number {
    const lines = savedLines(offsetFile);
    this.resumesAt.add(lines);
    return lines;
  }

  /** End offset of the topic: the records in it, and in transactions their markers too; or only what consumers may read. */
  async reached(committed = false): Promise<number> {
    const wire = await KafkaWire.connect(this.bootstrap);
    try {
      return await wire.endOffset(this.topic, committed);
    } finally {
      wire.close();
    }
  }

  /** Waits until this many more records have arrived than `since`, which is now by default. */
  async moreArrived(count: number, since?: number): Promise<void> {
    let before = since;
    const arrived = async (): Promise<boolean> => {
      const now = await this.reached();
      before ??= now;
      return now >= before + count;
    };
    await waitFor(`${count} more records`, arrived, { timeoutMs: PATIENCE_MS }).catch(this.tellOutput);
  }

  /** Waits until the offset file names the end of the file of lines, or a place to which that has grown since. */
  async saved(): Promise<void> {
    const { size } = fs.statSync(this.file);
    await waitFor('the commit', () => savedPosition(this.offsetFile) >= size, { timeoutMs: PATIENCE_MS });
  }

  /** Stops the feeder and waits until its last line has arrived: after a storm there may be much to catch up with. */
  async lastLine(): Promise<void> {
    this.feeder.stop();
    const last = String(this.feeder.count - 1).padStart(9, '0');
    let [before, lookedAt] = [-1, -1];
    const arrived = async (): Promise<boolean> => {
      assert(this.worker?.child.alive, 'the worker has ended');
      const now = await this.reached(true);
      const settled = now === before;
      before = now;
      // The consumer costs much more than the question how far it could read.
      if (!settled || now === lookedAt) return false;
      const values = await lastValues(this.bootstrap, this.topic);
      lookedAt = now;
      return values.some(value => value.startsWith(last));
    };
    for (;;) {
      const from = await this.reached(true);
      const error = await waitFor('the last line', arrived, { timeoutMs: PATIENCE_MS }).then(() => null, toError);
      if (!error) return;
      if ((await this.reached(true)) === from) this.tellOutput(error);
    }
  }

  /** Adds the last words of the worker to an error. @throws Error always */
  private readonly tellOutput = (error: Error): never => {
    throw new Error(`${error.message}\n${this.worker?.output.slice(-3000) ?? ''}`, { cause: error });
  };

  /** The ledger of the topic as it is now. */
  async ledger(): Promise<Ledger> {
    await dumpValues(this.bootstrap, this.topic, this.dir.file('topic'));
    return judgeFile(this.dir.file('topic'), this.feeder.count);
  }

  /** Waits for the last line and judges: nothing may come twice. */
  finishClean(note = ''): Promise<Outcome> {
    return this.judge('none', () => false, note);
  }

  /** Waits for the last line and judges: in the default mode what came after a commit may come again, and nothing else. */
  finishAfterKills(note = ''): Promise<Outcome> {
    return this.judge('after the last commit', from => this.resumesAt.has(from), note);
  }

  /** Waits for the last line and judges: a client that was replaced may repeat what it had in flight, which order tells from the rest. */
  finishInFlight(note = ''): Promise<Outcome> {
    return this.judge('what was in flight', () => true, note);
  }

  private async judge(mayRepeat: Outcome['mayRepeat'], isAllowed: (from: number) => boolean, note: string): Promise<Outcome> {
    await this.lastLine();
    const ledger = await this.ledger();
    const { lost, duplicates, odd } = ledger.verdict();
    const strict = this.trial.mode === 'exactly-once';
    const wrong = ledger.repeats.filter(({ from }) => strict || !isAllowed(from));
    const lines = `${this.feeder.count.toLocaleString('en')} lines`;
    return {
      lost,
      duplicated: duplicates,
      reordered: odd,
      mayRepeat: strict ? 'none' : mayRepeat,
      tooMany: wrong.reduce((sum, repeat) => sum + repeat.lines, 0),
      note: note === '' ? lines : `${lines}; ${note}`,
    };
  }

  /** Waits for these texts and judges: they must have come as they are, in this order, each once. */
  async compare(expected: readonly string[], note: string): Promise<Outcome> {
    const found = await consumeValues(this.bootstrap, this.topic, expected.length, { timeoutMs: PATIENCE_MS });
    await sleep(SETTLE_MS);
    const settled = (await readTopic(this.bootstrap, this.topic)).map(({ value }) => value?.toString() ?? null);
    return { ...compareTexts(expected, settled), mayRepeat: 'none', note: `${found.length} records; ${note}` };
  }

  /** Has a worker run as a user whom the kernel asks for permissions: root is asked for none. */
  asNobody(): Partial<WorkerOptions> {
    if (process.getuid?.() !== 0) return {};
    fs.chownSync(this.dir.path, NOBODY, NOBODY);
    // Another user is no longer tied to us by what Child does.
    return {
      command: ['setpriv', '--pdeathsig', 'KILL', '--reuid', String(NOBODY), '--regid', String(NOBODY), '--clear-groups', ourBinary],
    };
  }

  private async close(): Promise<void> {
    this.feeder.stop();
    await this.worker?.kill9();
    this.dir.remove();
  }
}
