/** What is wrong with settings, as it is found: a list to go on with. It becomes a text where somebody is told: by REST, in the log. */
import { describeOrigin, fromRest, type Origin } from '../files/setting';
import type { ConfigInfos } from './config-infos';

/** Something that is wrong with one setting. */
export interface Finding {
  /** Null if it is about none in particular. */
  readonly key: string | null;
  /** Java's text where Java has one. Shows no secret. */
  readonly text: string;
  readonly origin: Origin;
}

/** All that is wrong with the settings of a connector. */
export interface ConfigFindings {
  /** As Java counts: of a converter or client, each setting is one, whatever is said of it. 0 where only we find something wrong. */
  readonly errorCount: number;
  /** Empty if all is well. */
  readonly findings: readonly Finding[];
}

/** What validation has found. */
export function findingsOf({ error_count, configs }: ConfigInfos, originOf = fromRest): ConfigFindings {
  const findings = configs.flatMap(({ value }) =>
    (value?.errors ?? []).map(text => ({ key: value?.name ?? null, text, origin: originOf(value?.name ?? '') })),
  );
  return { errorCount: error_count, findings };
}

/**
 * The text with the place of the setting behind it, if there is one: `... Not a number of type INT (c.properties:5)`.
 * @param namedFile see `describeOrigin`
 */
export function describeFinding({ text, origin }: Finding, namedFile?: string): string {
  const place = describeOrigin(origin, namedFile);
  return place === '' ? text : `${text} (${place})`;
}

/** Text of the 400 that POST and PUT answer when settings are invalid; of connector files with places. */
export function describeFindings({ errorCount, findings }: ConfigFindings): string {
  const texts = findings.map(finding => describeFinding(finding));
  if (errorCount === 0) return `Connector configuration is invalid: ${texts.join('; ')}`;
  return [
    `Connector configuration is invalid and contains the following ${errorCount} error(s):`,
    ...texts,
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ].join('\n');
}
