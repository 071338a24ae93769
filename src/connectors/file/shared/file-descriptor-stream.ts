/** A second descriptor of an open file, for streams that close theirs behind Node's back. */
import fs from 'node:fs';
import net from 'node:net';
import { duplicateFd } from '../../../libc';

/**
 * A stream that reads a copy of a descriptor (pipe, FIFO, socket). The original stays the caller's: a thread that ends closes what
 * it has opened by `fs.openSync` by number, which by then could be the number of somebody else's file.
 */
export function streamOf(fd: number): net.Socket {
  return new net.Socket({ fd: duplicateFd(fd), readable: true, writable: false });
}

/** The same for a path that is opened anew, so that flags are not shared with others who hold the pipe. */
export function streamOfPath(path: string, flags: number): net.Socket {
  const fd = fs.openSync(path, flags);
  try {
    return streamOf(fd);
  } finally {
    fs.closeSync(fd);
  }
}
