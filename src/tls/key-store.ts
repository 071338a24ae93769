/** What a key store holds, whatever its format. */

/** A private key with its certificates. */
export interface KeyEntry {
  readonly alias: string;
  /** PKCS#8 in DER, not encrypted any more. */
  readonly key: Buffer;
  /** DER, the certificate of the key first. */
  readonly chain: readonly Buffer[];
}

/** The entries of a store, each kind in the order of the file. */
export interface KeyStoreEntries {
  readonly keys: readonly KeyEntry[];
  /** DER of the trusted certificates. */
  readonly trusted: readonly Buffer[];
}

/** Passwords of a store. */
export interface StorePasswords {
  /** Password of the file; without it the file's integrity is not checked. */
  readonly store: string | undefined;
  /** Password of the private keys; null if only certificates are wanted. */
  readonly key: string | null;
}
