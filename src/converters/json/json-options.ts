/** What the settings of a JsonConverter say, parsed. */
export interface JsonOptions {
  readonly schemasEnabled: boolean;
  /** How many schemas to remember in each direction. */
  readonly cacheSize: number;
  /** True writes decimals as numbers, false as base64 of their bytes. */
  readonly numericDecimals: boolean;
  /** Whether null becomes the default where there is one. */
  readonly replaceNullWithDefault: boolean;
}
