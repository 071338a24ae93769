import type { BindValue, Connection, WriteMode } from '../../../../src/connectors/jdbc/database/connection';
import { DatabaseError } from '../../../../src/connectors/jdbc/database/database-error';
import { PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { writeAround } from '../../../../src/connectors/jdbc/sink/bad-rows';
import type { RowPlan } from '../../../../src/connectors/jdbc/sink/row-plan';
import { groupRows, type PlannedRow, withoutNamesakes } from '../../../../src/connectors/jdbc/sink/table-batch';
import { seeded } from '../../../../src/testing/data/random';

const column = (name: string) => ({ ...PLAIN_COLUMN, name, type: 'BIGINT', typeName: 'int8' }) as const;

function planOf(mode: WriteMode, others: readonly string[] = ['v']): RowPlan {
  const table = { catalog: null, schema: null, table: 't' };
  return {
    write: { table, mode, keys: [column('id')], others: others.map(column), quoting: 'always' },
    row: () => [],
  };
}

const upsert = planOf('upsert');
const wider = planOf('upsert', ['v', 'w']);
const deletion = planOf('delete', []);
const row = (plan: RowPlan, ...values: BindValue[]): PlannedRow => ({ plan, values });

/** What a table holds after statements in this order: the model that any grouping must agree with. */
function apply(statements: readonly PlannedRow[]): Map<BindValue, Record<string, BindValue>> {
  const table = new Map<BindValue, Record<string, BindValue>>();
  for (const { plan, values } of statements) {
    const [key = null, ...rest] = values;
    if (plan.write.mode === 'delete') table.delete(key);
    else table.set(key, { ...table.get(key), ...Object.fromEntries(plan.write.others.map(({ name }, i) => [name, rest[i] ?? null])) });
  }
  return new Map([...table].sort(([a], [b]) => Number(a) - Number(b)));
}

const flat = (rows: readonly PlannedRow[]): PlannedRow[] =>
  groupRows(rows).flatMap(group => group.rows.map(values => ({ plan: group.plan, values })));

test('any order of writes and deletions of a few keys leaves the same rows as one statement for each record', () => {
  const random = seeded(7);
  for (let round = 0; round < 500; round++) {
    const rows = Array.from({ length: random(13) }, (_, i) => {
      const key = 1 + random(3);
      const kind = random(3);
      return kind === 0 ? row(deletion, key) : kind === 1 ? row(upsert, key, i) : row(wider, key, i, i);
    });
    expect(apply(flat(rows))).toEqual(apply(rows));
  }
});

test('a key stands in a group of upserts once, or the database would refuse the statement', () => {
  const [group, ...rest] = groupRows([row(upsert, 1, 1), row(upsert, 2, 1), row(upsert, 1, 2)]);
  expect(rest).toEqual([]);
  expect(group?.rows).toEqual([
    [2, 1],
    [1, 2],
  ]);
});

test('schemas that alternate do not make batches of one', () => {
  const rows = Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? row(upsert, i, 1) : row(wider, i, 1, 1)));
  expect(groupRows(rows).map(group => group.rows.length)).toEqual([50, 50]);
});

test('inserts of the same key are all written: the table says whether that may be', () => {
  const insert = planOf('insert');
  expect(groupRows([row(insert, 1, 1), row(insert, 1, 1)])[0]?.rows).toHaveLength(2);
});

test('keys of several columns do not run into each other', () => {
  const plan: RowPlan = { ...upsert, write: { ...upsert.write, keys: [column('a'), column('b')] } };
  expect(groupRows([row(plan, 'a', 'bc', 1), row(plan, 'ab', 'c', 1)])[0]?.rows).toHaveLength(2);
});

describe('around bad rows', () => {
  const silent = { setSavepoint: async () => {}, releaseSavepoint: async () => {} };

  /** A table that refuses some numbers, with savepoints that work. */
  async function writeAll(rows: readonly number[], bad: ReadonlySet<number>): Promise<{ table: number[]; found: number[]; calls: number }> {
    let table: number[] = [];
    let saved: number[] = [];
    let calls = 0;
    const found: number[] = [];
    const connection = {
      ...silent,
      setSavepoint: async () => {
        saved = [...table];
      },
      rollbackToSavepoint: async () => {
        table = saved;
      },
    } as unknown as Connection;
    const write = async (some: readonly number[]): Promise<void> => {
      calls++;
      for (const value of some) {
        if (bad.has(value)) throw new DatabaseError('data', `bad ${value}`);
        table.push(value);
      }
    };
    await writeAround(connection, rows, write, value => void found.push(value));
    return { table, found, calls };
  }

  test('all good rows are written once and in order, all bad ones are named in order', async () => {
    const random = seeded(3);
    for (let round = 0; round < 200; round++) {
      const rows = Array.from({ length: random(21) }, (_, i) => i);
      const bad = new Set(rows.filter(() => random(4) === 0));
      const { table, found } = await writeAll(rows, bad);
      expect(table).toEqual(rows.filter(value => !bad.has(value)));
      expect(found).toEqual([...bad]);
    }
  });

  test('one bad row among a thousand costs a few statements', async () => {
    const { calls } = await writeAll(
      Array.from({ length: 1000 }, (_, i) => i),
      new Set([777]),
    );
    expect(calls).toBeLessThan(25);
  });

  test('a connection that breaks is no fault of a row', async () => {
    const connection = { ...silent } as unknown as Connection;
    const broken = async (): Promise<void> => {
      throw new DatabaseError('connection', 'gone');
    };
    await expect(writeAround(connection, [1, 2], broken, () => {})).rejects.toThrow('gone');
  });
});

test('only rows that share their key with no other of the batch may change places; inserts may', () => {
  const rows = [row(upsert, 1, 'a'), row(upsert, 2, 'b'), row(deletion, 1), row(upsert, 3, 'c'), row(wider, 3, 'd', 'e')];
  expect(withoutNamesakes(rows)).toEqual([rows[1]]);
  const inserts = [row(planOf('insert'), 1, 'a'), row(planOf('insert'), 1, 'b')];
  expect(withoutNamesakes(inserts)).toEqual(inserts);
});
