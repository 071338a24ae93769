/** Runs in the thread in which Node resolves ES modules, see own-api.ts. */

interface OwnApi {
  readonly name: string;
  readonly url: string;
}

type Resolved = { readonly url: string; readonly format?: string; readonly shortCircuit?: boolean };
type NextResolve = (specifier: string, context: unknown) => Resolved | Promise<Resolved>;

let api: OwnApi | undefined;

/** Called once by Node, with what `register` was given. */
export function initialize(data: OwnApi): void {
  api = data;
}

/** Called by Node for each import. */
export function resolve(specifier: string, context: unknown, nextResolve: NextResolve): Resolved | Promise<Resolved> {
  if (api && specifier === api.name) return { url: api.url, format: 'commonjs', shortCircuit: true };
  return nextResolve(specifier, context);
}
