/**
 * The transactions of a producer that has a `transactional.id`. librdkafka's calls block until the brokers have answered; here each is
 * made with a short limit and made again until it is through, which librdkafka allows, so that a thread stays responsive.
 */
import { ConnectError } from '../../errors';
import { guarded } from '../../thread/gate';
import type { OutletTransactions } from '../clients/record-outlet';
import { fatalError } from '../native/client';
import { isPassing, takeError } from '../native/kafka-error';
import type { Address, Librdkafka } from '../native/librdkafka';

/** A call returns after so long, whether it is through or not; it returns at once when it is. */
const STEP_MS = 10;
/**
 * A commit that is called again first asks librdkafka's own thread where it stands. If that takes longer than the limit, librdkafka
 * forgets which call is under way, and aborts the process if the brokers answer just then (rd_kafka_txn_endtxn_complete takes the answer
 * for that of an abort). On a busy machine its thread may have to wait for a processor for longer than 100 ms: seen within a minute with
 * thirty programs on two processors and a broker that answers late. So a commit gets more time than any other native call, and is
 * called again at once; it takes that long only while the brokers do not answer.
 */
const COMMIT_STEP_MS = 1000;

type TransactionCall = 'initTransactions' | 'commitTransaction' | 'abortTransaction';

export class ProducerTransactions implements OutletTransactions {
  /** @param client address of the producer */
  constructor(
    private readonly lib: Librdkafka,
    private readonly client: Address,
  ) {}

  init(between: () => Promise<void>): Promise<void> {
    return this.run('initTransactions', between);
  }

  begin(): void {
    const error = guarded(() => takeError(this.lib, this.lib.beginTransaction(this.client)));
    if (error) throw this.fenceOr(error);
  }

  commit(between: () => Promise<void>): Promise<void> {
    return this.run('commitTransaction', between);
  }

  abort(between: () => Promise<void>): Promise<void> {
    return this.run('abortTransaction', between);
  }

  private async run(call: TransactionCall, between: () => Promise<void>): Promise<void> {
    for (;;) {
      const outcome = guarded(() => this.step(call));
      if (outcome === undefined) return;
      if (outcome !== 'again') throw outcome;
      await between();
    }
  }

  private step(call: TransactionCall): ConnectError | 'again' | undefined {
    const error = this.lib[call](this.client, call === 'commitTransaction' ? COMMIT_STEP_MS : STEP_MS);
    if (error === 0) return undefined;
    const again = this.lib.errorIsRetriable(error) !== 0 || isPassing(this.lib, this.lib.errorCode(error));
    const taken = takeError(this.lib, error);
    return again || !taken ? 'again' : this.fenceOr(taken);
  }

  /** Where the producer was fenced, the calls say only that it cannot be used. */
  private fenceOr(error: ConnectError): ConnectError {
    const fatal = guarded(() => fatalError(this.lib, this.client));
    return fatal ? new ConnectError(fatal.code, fatal.message, error) : error;
  }
}
