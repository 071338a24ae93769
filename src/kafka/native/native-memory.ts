/** Reading and addressing memory outside of JavaScript: message structs, payloads, C strings. */
import koffi from 'koffi';

const libc = koffi.load(null);

/** Copies bytes between addresses; neither is checked. */
export const copyMemory: (to: number, from: number, size: number) => void = libc.func(
  'void memcpy(uintptr_t to, uintptr_t from, size_t size)',
);

/** Address of a buffer's memory. Only for buffers made by allocUnsafeSlow (never moved), and valid while they are referenced. */
export function addressOf(buffer: Buffer): number {
  return Number(koffi.address(buffer));
}

const TWO_32 = 4294967296;

/** A 64-bit address from two halves of a Uint32Array. */
export function joinAddress(words: Uint32Array, at: number): number {
  return (words[at] as number) + (words[at + 1] as number) * TWO_32;
}

/** Writes a 64-bit number (below 2^53) as two halves. */
export function splitAddress(words: Uint32Array, at: number, value: number): void {
  // Uint32Array keeps the low 32 bits; a modulo of such numbers would take three times as long.
  words[at] = value;
  words[at + 1] = (value / TWO_32) >>> 0;
}

/** A copy of `size` bytes at an address. */
export function readBytes(address: number, size: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(size);
  if (size > 0) copyMemory(addressOf(bytes), address, size);
  return bytes;
}

const strlen: (address: number) => number = libc.func('size_t strlen(uintptr_t text)');

/** The UTF-8 text at an address, up to its NUL; empty for NULL. */
export function readCString(address: number): string {
  return address === 0 ? '' : readBytes(address, strlen(address)).toString('utf8');
}

/** A view of a fresh zeroed buffer as 32-bit words, and its address. */
export function allocateWords(words: number): { readonly buffer: Buffer; readonly words: Uint32Array; readonly address: number } {
  const buffer = Buffer.from(new ArrayBuffer(words * 4));
  return { buffer, words: new Uint32Array(buffer.buffer, buffer.byteOffset, words), address: addressOf(buffer) };
}

const pipe2: (fds: number[], flags: number) => number = libc.func('int pipe2(_Out_ int* fds, int flags)');
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

/** A non-blocking pipe: librdkafka writes a byte when a queue becomes non-empty, and the task thread waits at the other end. */
export function makeWakePipe(): { readonly readFd: number; readonly writeFd: number } {
  const fds = [0, 0];
  if (pipe2(fds, O_NONBLOCK | O_CLOEXEC) !== 0) throw new Error('pipe2 failed: too many open files?');
  return { readFd: fds[0] as number, writeFd: fds[1] as number };
}
