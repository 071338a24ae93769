/** At least once: an offset is kept when its record, and all before it in the source partition, are acknowledged. */
import type { SourceBatch } from '../../api/source';
import { ConnectError, toError } from '../../errors';
import { countCommit } from '../../metrics/counting';
import type { OffsetEntry } from '../../thread/messages';
import type { BatchPart, Beginning, Delivery } from './delivery';
import { keepOffsets, tellTaskOfCommit } from './source-reports';
import type { SourceRun } from './source-run';
import type { CommittableOffset } from './submitted-records';

export class AtLeastOnce implements Delivery {
  readonly isOpen = false;

  constructor(private readonly run: SourceRun) {}

  async open(): Promise<Beginning> {
    return { offsets: [...this.run.services.offsets.values()], transactionContext: null };
  }

  partsOf(batch: SourceBatch): readonly BatchPart[] {
    return [{ part: batch, ending: null, endsBatch: true }];
  }

  async before(): Promise<boolean> {
    return true;
  }

  async after(): Promise<void> {}

  async idle(): Promise<void> {}

  keepPlaces(): Promise<void> {
    const { run } = this;
    return keepOffsets(run, run.records === 0 ? run.services.host.flushTimeoutMs : 0);
  }

  /** Offsets behind a dead letter that is not safe are kept back: the record is to come again. */
  takeOffsets(): OffsetEntry[] {
    const { submitted, services } = this.run;
    const { letters } = services;
    const isSafe = !letters || (letters.pending === 0 && !letters.failure);
    return isSafe ? submitted.takeCommittable().flatMap(offset => this.encoded(offset)) : [];
  }

  /** The task fails for an offset that cannot be stored; its source partition stays where it was. */
  private encoded(offset: CommittableOffset): OffsetEntry[] {
    const { run } = this;
    try {
      return [run.services.codec.encode(offset)];
    } catch (error) {
      run.fail(toError(error));
      run.interruptPoll();
      return [];
    }
  }

  async onSaved(error: Error | null, tookMs: number): Promise<void> {
    const { metrics } = this.run.services.host;
    countCommit(metrics.cells, error ? null : tookMs);
    metrics.changed();
    if (error) this.run.submitted.giveBack();
    else await tellTaskOfCommit(this.run);
  }

  async explain(broken: ConnectError): Promise<ConnectError> {
    return broken;
  }

  async stop(): Promise<void> {}

  onDelivery(slot: number, error: ConnectError | undefined, partition: number, offset: number): void {
    if (error) this.onRefused(slot, error);
    else this.run.acknowledged(slot, partition, offset);
  }

  private onRefused(slot: number, error: ConnectError): void {
    try {
      this.run.leftOut.leaveOut(error, slot);
    } catch (fatal) {
      // Not acknowledged: the offsets stay before this record, and a restart sends it again.
      this.run.fail(new ConnectError('ConnectException', 'Unrecoverable exception from producer send callback', fatal));
    }
  }

  onFailure(error: ConnectError): void {
    this.run.breakOff(error);
  }
}
