/**
 * Who may import whom: each folder of src with those that it imports from itself. What they import is not open to it: a new arrow is a
 * decision, made here. Types count, and so do `import()` and `require`.
 */

/** Open to all. */
export const OPEN_TO_ALL: readonly string[] = ['errors', 'log', 'version', 'waiting'];

/** Folders, and files of the top folder, separated by blanks. */
export const ARROWS: Readonly<Record<string, string>> = {
  api: 'data data/batch data/java data/record data/schema data/values java java/regex',
  cli: 'api config/keys config/validation libc log-writer thread visible-text worker worker/files worker/settings',
  config: 'api config/clients config/files config/keys config/providers java',
  'config/clients': 'api config config/keys config/validation',
  'config/files': 'named-files',
  'config/keys': 'api config config/clients config/files config/providers config/validation java java/regex',
  'config/providers': 'api config/files java/regex named-files secrets',
  'config/tasks': 'api config config/keys',
  'config/validation': 'api config config/clients config/files config/keys config/providers java secrets',
  'connectors/file': 'api connectors/file/sink connectors/file/source',
  'connectors/file/positions': 'api connectors/file/shared',
  'connectors/file/rotation': 'connectors/file/shared',
  'connectors/file/shared': 'api data/record libc',
  'connectors/file/sink': 'api connectors/file/shared data data/batch data/java data/record own-files',
  'connectors/file/source': 'api connectors/file/positions connectors/file/rotation connectors/file/shared data data/batch data/record',
  'connectors/jdbc':
    'api connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/mysql connectors/jdbc/oracle connectors/jdbc/postgresql connectors/jdbc/sink connectors/jdbc/source connectors/jdbc/sqlite connectors/jdbc/sqlserver connectors/jdbc/url',
  'connectors/jdbc/config':
    'api connectors/jdbc connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data java/regex',
  'connectors/jdbc/database': 'connectors/jdbc/database/values connectors/jdbc/url data/java data/schema',
  'connectors/jdbc/database/values': 'connectors/jdbc/database data/batch data/java data/schema',
  'connectors/jdbc/mysql': 'connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data/schema',
  'connectors/jdbc/oracle': 'connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data/schema named-files',
  'connectors/jdbc/postgresql':
    'connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/postgresql/wire connectors/jdbc/url data/batch data/schema tls',
  'connectors/jdbc/postgresql/wire': 'connectors/jdbc/database connectors/jdbc/database/values',
  'connectors/jdbc/sink':
    'api connectors/jdbc/config connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data/java data/record data/schema',
  'connectors/jdbc/source':
    'api connectors/jdbc/config connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data data/batch data/record data/schema java/regex',
  'connectors/jdbc/sqlite': 'connectors/jdbc/database connectors/jdbc/database/values connectors/jdbc/url data/schema named-files',
  'connectors/jdbc/sqlserver': 'connectors/jdbc/database connectors/jdbc/database/values data/schema',
  'connectors/jdbc/url': 'named-files tls',
  converters: 'api data data/batch data/java data/record data/schema data/values',
  'converters/json': 'api converters data data/batch data/java data/record data/schema',
  data: '',
  'data/batch': 'data/java data/record data/schema',
  'data/java': 'data/schema java java/date',
  'data/record': 'data/java data/schema',
  'data/schema': 'data data/java',
  'data/values': 'data data/java data/record data/schema java java/date',
  errors: '',
  herder:
    'api config/files config/keys config/tasks config/validation herder/changes herder/offsets herder/restarts metrics plugins secrets thread',
  'herder/changes': 'api config/files config/validation herder herder/restarts plugins thread',
  'herder/kept': 'config/files herder offsets own-files',
  'herder/offsets': 'api config/files data/java herder kafka/settings thread',
  'herder/restarts': 'config/keys herder herder/changes thread',
  isolation: 'api config config/clients config/files config/providers config/validation herder metrics offsets plugins thread',
  'isolation/thread': 'api config config/clients config/validation isolation metrics plugins',
  java: '',
  'java/date': '',
  'java/regex': '',
  'java/serialization': '',
  'kafka/admin': 'api config/keys data/batch kafka/clients kafka/consumer kafka/native kafka/producer thread',
  'kafka/clients': 'api data/batch data/record kafka/admin kafka/consumer kafka/native kafka/producer kafka/settings thread',
  'kafka/consumer': 'api data/batch data/record kafka/clients kafka/native thread',
  'kafka/embedded': 'kafka/native thread',
  'kafka/native': 'api config/clients named-files thread',
  'kafka/producer': 'data data/batch kafka/clients kafka/native thread',
  'kafka/settings': 'api config/clients kafka/native tls',
  libc: '',
  'line-output': '',
  log: 'secrets visible-text',
  'log-writer': 'line-output',
  metrics: 'api',
  'named-files': '',
  offsets: 'api java/serialization libc own-files thread',
  'own-files': 'named-files',
  pipeline: 'api config/tasks data data/batch data/record data/schema metrics',
  plugins: 'api config/validation connectors/file connectors/jdbc converters converters/json named-files transforms transforms/predicates',
  rest: 'config/files config/keys config/validation herder herder/changes java java/regex rest/auth rest/http rest/openapi rest/routes secrets',
  'rest/auth': 'config/files rest',
  'rest/http': 'api config rest rest/auth rest/routes tls',
  'rest/openapi': 'rest',
  'rest/routes': 'api config/files herder herder/changes java rest thread',
  secrets: '',
  task: 'config/tasks kafka/clients libc pipeline plugins task/shared task/sink task/source thread',
  'task/dead-letters':
    'config/tasks data/batch data/java data/record data/schema kafka/clients kafka/producer named-files pipeline task/shared thread',
  'task/shared': 'api kafka/clients kafka/native metrics pipeline plugins thread',
  'task/sink':
    'api config/keys data data/batch data/java data/record java/regex kafka/clients kafka/embedded metrics pipeline task/dead-letters task/shared thread',
  'task/source':
    'api config/keys data data/batch data/java data/record java/regex kafka/clients metrics pipeline plugins task/dead-letters task/shared task/source/exactly-once task/source/sending thread',
  'task/source/exactly-once': 'api config/keys data/record kafka/admin kafka/clients metrics offsets task/shared task/source thread',
  'task/source/sending':
    'api data/batch data/record data/schema kafka/clients kafka/embedded kafka/producer pipeline task/shared task/source',
  // What authors of plugins check theirs with: it knows what they know.
  testing: 'api testing/data testing/sink testing/source',
  'testing/data': 'api',
  'testing/sink': 'api testing testing/data',
  'testing/source': 'api testing testing/data',
  thread: 'api config/tasks libc metrics',
  tls: 'named-files',
  transforms: 'api data data/batch data/java data/record data/schema data/values java java/date java/regex',
  'transforms/predicates': 'api data/batch data/record java/regex',
  version: '',
  'visible-text': '',
  waiting: '',
  worker:
    'api config config/clients config/files config/keys config/providers config/tasks config/validation herder herder/changes herder/kept isolation kafka/admin kafka/clients kafka/embedded kafka/native kafka/settings named-files offsets plugins rest/http thread worker/files worker/settings',
  'worker/files': 'api config config/files herder plugins',
  'worker/settings':
    'api config config/clients config/files config/keys config/providers config/validation isolation kafka/clients kafka/embedded plugins rest rest/auth rest/http secrets',
};
