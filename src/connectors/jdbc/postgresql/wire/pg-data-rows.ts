/**
 * Reads rows from the bytes of the connection. The driver would create a string for every value and objects for every row and field; here a
 * row is an array of what `mapColumn` reads fastest. All other messages are passed to the driver.
 */
import type { PgCursor, PgField, PgIncoming, PgResult, PgSocket } from './pg-driver';
import { readerOfType, type ValueReader } from './pg-value-readers';

type DataListener = (chunk: Buffer) => void;

/** A message begins with its type and its length, which includes the length itself. */
const HEADER_BYTES = 5;
const DATA_ROW = 0x44;

/** A cursor of pg-cursor with another way of reading rows. Create it before its query is sent, and close it in any case. */
export class PgDataRows implements PgCursor {
  private readers: readonly ValueReader[] = [];
  private rows: unknown[][] = [];
  /** Pieces of an incomplete message. */
  private pieces: Buffer[] = [];
  private pieceBytes = 0;
  /** How many bytes the pieces need to contain a complete message. */
  private neededBytes = HEADER_BYTES;
  private readonly socket: PgSocket;
  private readonly driver: readonly DataListener[];

  constructor(
    private readonly cursor: PgCursor,
    private readonly wire: PgIncoming,
  ) {
    this.socket = wire.stream;
    this.driver = this.socket.listeners('data') as DataListener[];
    this.socket.removeAllListeners('data');
    this.socket.on('data', this.take);
    wire.once('rowDescription', this.describe);
  }

  private readonly describe = ({ fields }: { readonly fields: readonly PgField[] }): void => {
    this.readers = fields.map(({ dataTypeID }) => readerOfType(dataTypeID));
  };

  read(rows: number, done: (error: Error | undefined, rows: unknown[][], result: PgResult) => void): void {
    this.cursor.read(rows, (error, _, result) => {
      const taken = this.rows;
      this.rows = [];
      done(error, taken, result);
    });
  }

  close(done: (error?: Error) => void): void {
    this.cursor.close(error => {
      this.release();
      done(error);
    });
  }

  /** Returns reading to the driver. */
  private release(): void {
    this.wire.removeListener('rowDescription', this.describe);
    this.socket.removeListener('data', this.take);
    if (this.socket.listeners('data').length === 0) for (const listener of this.driver) this.socket.on('data', listener);
    for (const piece of this.pieces.splice(0)) this.forward(piece);
  }

  private readonly take = (chunk: Buffer): void => {
    this.pieces.push(chunk);
    this.pieceBytes += chunk.length;
    // A large row arrives in many pieces, which are concatenated only once.
    if (this.pieceBytes < this.neededBytes) return;
    const bytes = this.pieces.length === 1 ? chunk : Buffer.concat(this.pieces);
    const rest = bytes.subarray(this.takeMessages(bytes));
    this.pieces = rest.length === 0 ? [] : [rest];
    this.pieceBytes = rest.length;
    this.neededBytes = rest.length < HEADER_BYTES ? HEADER_BYTES : 1 + rest.readUInt32BE(1);
  };

  /** @returns where the first incomplete message begins */
  private takeMessages(bytes: Buffer): number {
    let forwarded = 0;
    let at = 0;
    while (at + HEADER_BYTES <= bytes.length) {
      const end = at + 1 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === DATA_ROW) {
        if (forwarded < at) this.forward(bytes.subarray(forwarded, at));
        this.rows.push(this.readRow(bytes, at + HEADER_BYTES));
        forwarded = end;
      }
      at = end;
    }
    if (forwarded < at) this.forward(bytes.subarray(forwarded, at));
    return at;
  }

  private forward(bytes: Buffer): void {
    for (const listener of this.driver) listener(bytes);
  }

  /** The number of fields, then each with its length, -1 for NULL. */
  private readRow(bytes: Buffer, start: number): unknown[] {
    const { readers } = this;
    const row = new Array<unknown>(readers.length);
    let at = start + 2;
    for (let i = 0; i < row.length; i++) {
      const length =
        ((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
      at += 4;
      if (length < 0) row[i] = null;
      else {
        row[i] = (readers[i] as ValueReader)(bytes, at, at + length);
        at += length;
      }
    }
    return row;
  }
}
