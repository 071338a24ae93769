/** Settings of a consumer that depend on each other. */
import { ConnectError } from '../../errors';
import type { Translation } from './translation';

const ASSIGNORS: Readonly<Record<string, string>> = {
  RangeAssignor: 'range',
  RoundRobinAssignor: 'roundrobin',
  CooperativeStickyAssignor: 'cooperative-sticky',
};
const RESETS: Readonly<Record<string, string>> = { latest: 'latest', earliest: 'earliest', none: 'error' };
const CLASSIC_ONLY = ['session.timeout.ms', 'heartbeat.interval.ms', 'partition.assignment.strategy'];
const SESSION_RANGE = [1, 3_600_000] as const;
/** librdkafka's default for the largest message of a consumer; the limit of a response must not be below it. */
const MESSAGE_BYTES = 1_000_000;

/** Applies the rules of consumers. @throws ConnectError (ConfigException) with Java's text */
export function applyConsumerRules(t: Translation): void {
  applyGroupProtocol(t);
  applyReset(t);
  t.set('message.max.bytes', String(Math.min(MESSAGE_BYTES, Number(t.settings['fetch.max.bytes']))));
  // librdkafka requires a second between the longest wait of a fetch and the timeout of a request.
  const shortest = Number(t.settings['fetch.wait.max.ms']) + 1000;
  if (Number(t.settings['socket.timeout.ms']) < shortest) t.set('socket.timeout.ms', String(Math.min(shortest, 300_000)));
  if (Number(t.settings['fetch.wait.max.ms']) > 299_000) t.set('fetch.wait.max.ms', '299000');
}

function applyGroupProtocol(t: Translation): void {
  const protocol = t.value('group.protocol').toLowerCase();
  t.set('group.protocol', protocol);
  if (protocol === 'consumer') {
    t.set('group.remote.assignor', t.user('group.remote.assignor'));
    for (const key of CLASSIC_ONLY) {
      if (t.user(key) !== undefined) throw new ConnectError('ConfigException', `${key} cannot be set when group.protocol=CONSUMER`);
    }
    return;
  }
  if (t.user('group.remote.assignor') !== undefined) t.warn('group.remote.assignor', 'it is used with group.protocol=consumer only');
  const session = t.clamp('session.timeout.ms', t.value('session.timeout.ms'), SESSION_RANGE);
  t.set('session.timeout.ms', session);
  t.set('heartbeat.interval.ms', t.clamp('heartbeat.interval.ms', t.value('heartbeat.interval.ms'), SESSION_RANGE));
  t.set('partition.assignment.strategy', chooseAssignors(t));
  if (Number(t.settings['max.poll.interval.ms']) < Number(session)) {
    t.warnings.push(`consumer setting max.poll.interval.ms: librdkafka takes no less than session.timeout.ms, so ${session} is used`);
    t.set('max.poll.interval.ms', session);
  }
}

/** The assignors that librdkafka supports. It does not mix eager and cooperative ones, so the first decides. */
function chooseAssignors(t: Translation): string {
  const names = t.list('partition.assignment.strategy').map(name => name.replace(/^class\s+/, ''));
  const chosen: string[] = [];
  for (const name of names) {
    const assignor = ASSIGNORS[name.replace(/^org\.apache\.kafka\.clients\.consumer\./, '')];
    if (assignor === undefined) {
      t.warn('partition.assignment.strategy', `librdkafka has no ${name}`);
      continue;
    }
    const first = chosen[0] ?? assignor;
    if ((first === 'cooperative-sticky') === (assignor === 'cooperative-sticky')) chosen.push(assignor);
    else t.warn('partition.assignment.strategy', `${name} is left out, since librdkafka does not mix eager and cooperative assignors`);
  }
  return chosen.length === 0 ? 'range' : [...new Set(chosen)].join(',');
}

function applyReset(t: Translation): void {
  const reset = RESETS[t.user('auto.offset.reset') ?? 'earliest'];
  t.set('auto.offset.reset', reset ?? 'earliest');
  if (reset !== undefined) return;
  t.warn('auto.offset.reset', 'librdkafka cannot start at a duration before now; earliest is used, so that nothing is left out');
}
