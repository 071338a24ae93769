/** What a key store holds, whatever its format. */

/** A private key with its certificates. */
export interface KeyEntry {
  readonly alias: string;
  /** PKCS#8 in DER, not encrypted any more. */
  readonly key: Buffer;
  /** DER, that of the key first. */
  readonly chain: readonly Buffer[];
}

/** The entries of a store, each kind in the order of the file. */
export interface KeyStoreEntries {
  readonly keys: readonly KeyEntry[];
  /** DER of the certificates that the store says to trust. */
  readonly trusted: readonly Buffer[];
}

/** Passwords of a store. */
export interface StorePasswords {
  /** Of the file; without it nothing checks that the file is whole. */
  readonly store: string | undefined;
  /** Of the private keys; null: leave the keys alone, since only certificates are asked for. */
  readonly key: string | null;
}
