import {
  connectorContext,
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
  taskContext,
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

  test('contexts of connectors, of tasks whose connector has a number in its name, and of what commits for them', () => {
    const id = { connector: 'a-1', task: 2 };
    expect([connectorContext('a-1'), taskContext(id), taskContext(id, 'offsets')]).toEqual([
      '[a-1|worker] ',
      '[a-1|task-2] ',
      '[a-1|task-2|offsets] ',
    ]);
    getLogger('other')
      .withContext(getLogger('mine', taskContext(id)).context)
      .info('marked');
    expect(entries).toMatchObject([{ logger: 'other', context: '[a-1|task-2] ', message: 'marked' }]);
  });

  test("a line in Connect's layout; an error adds its trace", () => {
    getLogger('org.example.Thing', '[c|worker] ').error('failed', new Error('why'));
    const [line = '', trace = ''] = layoutLine(entries[0] as LogEntry).split('\n');
    expect(line).toMatch(/^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}\] ERROR \[c\|worker\] failed$/);
    expect(trace).toBe('java.lang.RuntimeException: why');
    expect(layoutLine(entries[0] as LogEntry)).toMatch(/ \(org\.example\.Thing\)$/);
  });

  describe('texts of others', () => {
    const forged = 'x\n[2026-12-01 00:00:00,000] INFO forged (org.example)\r\u001b[2J\u009b2K\u2028\u202e\t\0\u007f';
    const shown = 'x\\n[2026-12-01 00:00:00,000] INFO forged (org.example)\\r\\u001b[2J\\u009b2K\\u2028\\u202e\\t\\u0000\\u007f';
    const lineOf = (): string => layoutLine(entries[0] as LogEntry);

    test('are shown, and do nothing, wherever they stand', () => {
      getLogger(`a${forged}`, `[${forged}|worker] `).warn(`file ${forged}`);
      expect(lineOf()).toMatch(/^\[[^\p{Cc}]*$/u);
      expect(lineOf().split(shown)).toHaveLength(4);
    });

    test('neither begin a line nor pass for a frame in a trace, nor in that of a cause', () => {
      const cause = new Error(`no\n    at ${forged}`);
      getLogger('a').error('failed', new Error(`why ${forged}\n    at evil`, { cause }));
      const [, head, ...frames] = lineOf().split('\n');
      expect(head).toBe(`java.lang.RuntimeException: why ${shown}\\n    at evil`);
      expect(frames).toContain(`Caused by: java.lang.RuntimeException: no\\n    at ${shown}`);
      expect(frames.filter(line => !/^(?:\tat \S.*|Caused by: .*)[^\p{Cc}]*$/u.test(line))).toEqual([]);
      expect(frames.join()).not.toContain('\tat evil');
    });

    test('of any length take 64 Ki of a line', () => {
      getLogger('a').warn('y'.repeat(1_000_000));
      expect(lineOf()).toMatch(/yyy\.\.\. and 934464 more characters \(a\)$/);
      expect(lineOf().length).toBeLessThan(66_000);
    });
  });
});
