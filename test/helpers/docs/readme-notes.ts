/** What README's tables say beyond what the code declares. Each note must meet something in the code, or the tables cannot be made. */

/** Why each dependency is there. */
export const DEPENDENCY_REASONS: Readonly<Record<string, string>> = {
  '@confluentinc/kafka-javascript':
    'Brings and builds librdkafka. Its JavaScript API is not used: one object a message is what costs (see [Decisions](#decisions)).',
  koffi: 'Calls librdkafka, and `flock`, from every thread. Prebuilt, no compiler needed.',
  chokidar: 'Tells at once when a file grows; a look once a second covers file systems that tell nothing.',
  commander: 'Command line.',
  'dot-properties':
    "Reads Java's `.properties`. That grammar decided: of 96 cases recorded from `java.util.Properties` it reads 95 right, properties-reader 37.",
  fastify: 'REST server. Loaded with the first request: a worker that is never asked anything has no use for it.',
  winston: 'Writes the log. Loaded beside the first tasks, so that the first record does not wait for it.',
  'better-sqlite3': 'JDBC connectors: SQLite. Optional; compiled at installation. Like all drivers, loaded only when a URL asks for it.',
  mysql2: 'JDBC connectors: MySQL and MariaDB. Optional.',
  oracledb: 'JDBC connectors: Oracle, in its thin mode, which needs no library of Oracle. Optional.',
  pg: 'JDBC connectors: PostgreSQL. Optional.',
  'pg-cursor': 'Rows of PostgreSQL a piece at a time. Optional.',
  tedious: 'JDBC connectors: SQL Server. Optional.',
};

/** What each file beside the offset file is for, by its name in the code. */
export const OFFSET_FILE_NOTES: Readonly<Record<string, string>> = {
  file: 'The offsets, in the format of the Java worker.',
  next: 'The next generation while it is written. Renamed when it is safe on disk.',
  previous: 'The generation before. Takes over, with a warning, when the current one is damaged.',
  damaged: 'A damaged file, kept for you when the previous one took its place.',
  hashes:
    'SHA-256 and time of what this program wrote. Tells a file of ours from one of a Java worker, whose offsets may count otherwise, and from one that a disk has damaged.',
  marks:
    'What tasks store beside their offsets, at most 1 KiB each: for FileStreamSource [what a position belongs to](../connectors/file/README.md#what-a-mark-holds). Without it they go on all the same, as after Java.',
  marksCopy: 'The same once more. Takes over, with a warning, when the file above is damaged.',
  workerUuid:
    'With exactly-once, the name of this worker among all others. Copy it only with the worker; if it is lost, set `worker.uuid`.',
  lock: 'Locked while a worker runs. The lock goes with the process, also after `kill -9`; the file stays.',
};

/** What each exit code means; signals by their names. */
export const EXIT_NOTES: Readonly<Record<string, string>> = {
  ok: '`--drain` has moved everything; or `--version`.',
  usage: 'No arguments, or `--help`, as in Java.',
  failed:
    '`--drain` ended, but a connector or task has failed, or offsets could not be saved. Or: a fault of the worker itself that nothing caught, after an orderly stop.',
  configuration: 'The worker could not be built: file missing, bad setting, port in use, broker unreachable.',
  start: 'The worker or one of its connectors could not be started, such as a bad connector file or a locked offset file.',
  SIGHUP: 'The terminal went away; an orderly stop. Without a terminal SIGHUP ends nothing: see below.',
  SIGINT: 'Stopped by Ctrl-C, after an orderly stop.',
  SIGTERM: 'Stopped by SIGTERM, after an orderly stop.',
};
