/**
 * RC2 in CBC mode, decryption only (RFC 2268). Java up to version 15 encrypts the certificates of its PKCS12 stores with it, with a key of
 * 40 bits, and Node's OpenSSL 3 no longer supports it.
 */
import { StoreError } from './store-error';

const BLOCK = 8;
/** Digits of pi, as the standard gives them. */
const PI = Buffer.from(
  'd978f9c419ddb5ed28e9fd794aa0d89dc67e37832b76538e624c6488448bfba2179a59f587b34f1361456d8d09817d32bd8f40eb86b77b0bf09521225c6b4e82' +
    '54d66593ce60b21c7356c014a78cf1dc1275ca1f3bbee4d1423dd430a33cb6266fbf0eda4669075727f21d9bbc944303f811c7f690ef3ee706c3d52fc8661ed7' +
    '08e8eade8052eef784aa72ac354d6a2a961ad2715a1549744b9fd05e0418a4ecc2e0416e0f51cbcc2491af50a1f47039997c3a8523b8b47afc02365b25559731' +
    '2d5dfa98e38a92ae05df2910676cbac9d300e6cfe19ea82c6316013f58e289a90d38341bab33ffb0bb480c5fb9b1cd2ec5f3db47e5a59c770aa62068fe7fc1ad',
  'hex',
);
const ROTATIONS = [1, 2, 3, 5] as const;

/** Decrypts and removes the padding. @param effectiveBits strength of the key, 40 or 128 @throws StoreError if the key is wrong */
export function decryptRc2Cbc(key: Buffer, effectiveBits: number, iv: Buffer, encrypted: Buffer): Buffer {
  if (encrypted.length === 0 || encrypted.length % BLOCK !== 0 || iv.length !== BLOCK)
    throw new StoreError('format', 'encrypted data end too early');
  const words = expandKey(key, effectiveBits);
  const clear = Buffer.alloc(encrypted.length);
  let previous = iv;
  for (let at = 0; at < encrypted.length; at += BLOCK) {
    const block = encrypted.subarray(at, at + BLOCK);
    decryptBlock(words, block, clear, at);
    for (let i = 0; i < BLOCK; i++) clear[at + i] = (clear[at + i] as number) ^ (previous[i] as number);
    previous = block;
  }
  return withoutPadding(clear);
}

function withoutPadding(clear: Buffer): Buffer {
  const padding = clear[clear.length - 1] as number;
  const isPadding = padding >= 1 && padding <= BLOCK && clear.subarray(clear.length - padding).every(octet => octet === padding);
  if (!isPadding) throw new StoreError('password', 'it cannot be decrypted');
  return clear.subarray(0, clear.length - padding);
}

/** 64 words of 16 bits. */
function expandKey(key: Buffer, effectiveBits: number): Uint16Array {
  const bytes = new Uint8Array(128);
  bytes.set(key);
  const pi = (index: number): number => PI[index & 0xff] as number;
  const at = (index: number): number => bytes[index] as number;
  for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
  const kept = Math.ceil(effectiveBits / 8);
  bytes[128 - kept] = pi(at(128 - kept) & (0xff >> (8 * kept - effectiveBits)));
  for (let i = 127 - kept; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + kept));
  return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

function decryptBlock(words: Uint16Array, block: Buffer, clear: Buffer, to: number): void {
  const r = Uint16Array.from([0, 1, 2, 3], i => block.readUInt16LE(2 * i));
  const word = (i: number): number => r[i & 3] as number;
  let next = 63;
  const mix = (): void => {
    for (let i = 3; i >= 0; i--) {
      const turn = ROTATIONS[i] as number;
      const rotated = (word(i) >>> turn) | (word(i) << (16 - turn));
      r[i] = rotated - (words[next--] as number) - (word(i + 3) & word(i + 2)) - (~word(i + 3) & word(i + 1));
    }
  };
  const mash = (): void => {
    for (let i = 3; i >= 0; i--) r[i] = word(i) - (words[word(i + 3) & 63] as number);
  };
  for (const rounds of [5, 6, 5]) {
    for (let i = 0; i < rounds; i++) mix();
    if (next >= 0) mash();
  }
  for (let i = 0; i < 4; i++) clear.writeUInt16LE(word(i), to + 2 * i);
}
