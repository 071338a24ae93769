/** Findings: what is wrong with settings, as data. They become texts only where they are reported: by REST or in the log. */
import { describeOrigin, fromRest, type Origin } from '../files/setting';
import type { ConfigInfos } from './config-infos';

/** One problem of a setting. */
export interface Finding {
  /** Null if it is about no setting in particular. */
  readonly key: string | null;
  /** Java's text where Java has one. Shows no secret. */
  readonly text: string;
  readonly origin: Origin;
}

/** All problems of a connector's settings. */
export interface ConfigFindings {
  /**
   * Counted as in Java: a setting of a converter or client counts once, whatever the number of its errors. 0 if only our own checks found
   * something.
   */
  readonly errorCount: number;
  /** Empty if all is well. */
  readonly findings: readonly Finding[];
}

/** The findings of a validation. */
export function findingsOf({ error_count, configs }: ConfigInfos, originOf = fromRest): ConfigFindings {
  const findings = configs.flatMap(({ value }) =>
    (value?.errors ?? []).map(text => ({ key: value?.name ?? null, text, origin: originOf(value?.name ?? '') })),
  );
  return { errorCount: error_count, findings };
}

/**
 * The text, followed by the place of the setting if it has one: `... Not a number of type INT (c.properties:5)`.
 * @param namedFile see `describeOrigin`
 */
export function describeFinding({ text, origin }: Finding, namedFile?: string): string {
  const place = describeOrigin(origin, namedFile);
  return place === '' ? text : `${text} (${place})`;
}

/** The text of the 400 response of POST and PUT to invalid settings; for connector files, with places. */
export function describeFindings({ errorCount, findings }: ConfigFindings): string {
  const texts = findings.map(finding => describeFinding(finding));
  if (errorCount === 0) return `Connector configuration is invalid: ${texts.join('; ')}`;
  return [
    `Connector configuration is invalid and contains the following ${errorCount} error(s):`,
    ...texts,
    'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
  ].join('\n');
}
