import {
  copyLogLevels,
  effectiveLevel,
  getLogger,
  type LogEntry,
  layoutLine,
  loggerNames,
  logLevels,
  noteLoggers,
  onNewLoggers,
  setLogLevel,
  setLogSink,
} from '../src/log';

describe('loggers', () => {
  let entries: LogEntry[];
  beforeEach(() => {
    entries = [];
    setLogSink(entry => entries.push(entry));
    setLogLevel('root', 'INFO');
  });
  afterEach(() => setLogSink(() => {}));

  test('levels of another thread are copied as they are, whatever order they were set in', () => {
    setLogLevel('copy.a.b', 'DEBUG');
    setLogLevel('copy.a', 'WARN');
    setLogLevel('copy.a.b', 'TRACE');
    const levels = new Map(logLevels());
    setLogLevel('root', 'OFF');
    copyLogLevels(levels);
    expect(['copy.a.b', 'copy.a'].map(effectiveLevel)).toEqual(['TRACE', 'WARN']);
  });

  test('new loggers are told once each, many in one message', async () => {
    const told: string[][] = [];
    getLogger('told.before');
    onNewLoggers(names => told.push([...names]));
    getLogger('told.a');
    getLogger('told.a', '[x] ');
    await new Promise(setImmediate);
    getLogger('told.b');
    getLogger('told.before');
    await new Promise(setImmediate);
    expect(told.map(names => names.filter(name => name.startsWith('told.')))).toEqual([['told.before', 'told.a'], ['told.b']]);
    noteLoggers(['told.elsewhere']);
    expect(loggerNames()).toContain('told.elsewhere');
  });

  test('the level of the nearest parent counts', () => {
    setLogLevel('a.b', 'DEBUG');
    setLogLevel('a.b.c.d', 'ERROR');
    expect(['a', 'a.b', 'a.b.c', 'a.b.c.d', 'a.b.c.d.e', 'a.bb'].map(effectiveLevel)).toEqual([
      'INFO',
      'DEBUG',
      'DEBUG',
      'ERROR',
      'ERROR',
      'INFO',
    ]);
  });

  test('lines below the level are not made', () => {
    const logger = getLogger('quiet', '[c|task-0] ');
    let made = 0;
    logger.debug(() => `made ${++made}`);
    logger.info('seen');
    setLogLevel('quiet', 'OFF');
    logger.error('unseen');
    setLogLevel('quiet', 'TRACE');
    logger.trace(() => `made ${++made}`);
    expect(entries.map(({ level, message, context }) => [level, message, context])).toEqual([
      ['INFO', 'seen', '[c|task-0] '],
      ['TRACE', 'made 1', '[c|task-0] '],
    ]);
  });

  test("a line in Connect's layout; an error adds its trace", () => {
    getLogger('org.example.Thing', '[c|worker] ').error('failed', new Error('why'));
    const [line = '', trace = ''] = layoutLine(entries[0] as LogEntry).split('\n');
    expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] ERROR \[c\|worker\] failed$/);
    expect(trace).toBe('java.lang.RuntimeException: why');
    expect(layoutLine(entries[0] as LogEntry)).toMatch(/ \(org\.example\.Thing\)$/);
  });
});
