import type { SourceRecord } from '../../../../src/data/record/record';
import { TransactionBoundaries } from '../../../../src/task/source/exactly-once/transaction-boundaries';
import { sourceRecord } from '../../../../src/testing/data/sample-records';

const RECORDS = [0, 1, 2, 3, 4].map(value => sourceRecord({ topic: 't', kafkaPartition: null, value }));
const at = (i: number): SourceRecord => RECORDS[i] as SourceRecord;

/** Parts as texts: the values, and what ends behind them. */
const shown = (boundaries: TransactionBoundaries): string[] =>
  boundaries.partsOf(RECORDS).map(({ part, ending, endsBatch }) => {
    const values = (part as readonly SourceRecord[]).map(({ value }) => value).join('');
    return `${values} ${ending ?? ''}`.trim() + (endsBatch ? ';' : '');
  });

test('only a task that is to say where transactions end has a context', () => {
  expect(new TransactionBoundaries({ type: 'poll' }, 1000).context).toBeNull();
  expect(new TransactionBoundaries({ type: 'interval', intervalMs: 1 }, 1000).context).toBeNull();
  expect(new TransactionBoundaries({ type: 'connector' }, 1000).context).not.toBeNull();
});

test('a batch is taken apart behind the records that the task names, each once', () => {
  const boundaries = new TransactionBoundaries({ type: 'connector' }, 1000);
  expect(shown(boundaries)).toEqual(['01234;']);
  boundaries.context?.commitTransaction(at(1));
  boundaries.context?.abortTransaction(at(3));
  expect(shown(boundaries)).toEqual(['01 commit', '23 abort', '4;']);
  expect(shown(boundaries)).toEqual(['01234;']);
  boundaries.context?.commitTransaction(at(4));
  boundaries.context?.commitTransaction(sourceRecord({ value: 9 }));
  expect(shown(boundaries)).toEqual(['01234 commit;']);
});

test('what is asked for without a record ends behind the batch, once', () => {
  const boundaries = new TransactionBoundaries({ type: 'connector' }, 1000);
  boundaries.context?.abortTransaction();
  expect([boundaries.takeBatchEnding(), boundaries.takeBatchEnding()]).toEqual(['abort', null]);
});

test('commit and abort of the same are refused with the text of Java', () => {
  const { context } = new TransactionBoundaries({ type: 'connector' }, 1000);
  context?.commitTransaction();
  context?.commitTransaction();
  expect(() => context?.abortTransaction()).toThrow('Connector requested both commit and abort of same transaction');
  context?.abortTransaction(at(0));
  expect(() => context?.commitTransaction(at(0))).toThrow(
    'Connector requested both commit and abort of same record against topic/partition t/null',
  );
});
