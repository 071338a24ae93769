/** What README's tables say beyond what the code declares. Each note must meet something in the code, or the tables cannot be made. */

/** What each route does and answers. */
export const ROUTE_NOTES: Readonly<Record<string, string>> = {
  'GET /': 'Version and cluster id.',
  'GET /health': '200 once all connector files are created, 503 before.',
  'GET /connectors': 'Names; `?expand=status&expand=info` adds both.',
  'POST /connectors': '201. Body `{"name", "config"[, "initial_state"]}`; 400 invalid, 409 exists.',
  'GET /connectors/:connector': 'Name, settings, tasks, type.',
  'DELETE /connectors/:connector': '204. Offsets stay: the same name goes on where it stopped.',
  'GET /connectors/:connector/config': 'Settings as submitted, variables unresolved.',
  'PUT /connectors/:connector/config': '200, or 201 when it is new. Replaces all settings.',
  'PATCH /connectors/:connector/config': '200. Merges; `null` removes a key.',
  'GET /connectors/:connector/status': 'State of connector and tasks, with the trace of what failed.',
  'PUT /connectors/:connector/pause': '202. Tasks stay, nothing moves.',
  'PUT /connectors/:connector/resume': '202. From paused or stopped.',
  'PUT /connectors/:connector/stop': '204. Tasks are gone, settings stay; offsets may be changed now.',
  'POST /connectors/:connector/restart': '204; with `?includeTasks=true` or `?onlyFailed=true` 202 and the status.',
  'GET /connectors/:connector/tasks': 'Tasks with their settings.',
  'POST /connectors/:connector/tasks': '500: for distributed workers only, as in Java.',
  'PUT /connectors/:connector/fence': '500: for distributed workers only, as in Java.',
  'GET /connectors/:connector/tasks/:task/status': 'State of one task.',
  'POST /connectors/:connector/tasks/:task/restart': '204. Restarts one task.',
  'GET /connectors/:connector/topics': 'Topics used so far.',
  'PUT /connectors/:connector/topics/reset': '202. Forgets them.',
  'GET /connectors/:connector/offsets': 'Positions of a source, or offsets of the group of a sink.',
  'PATCH /connectors/:connector/offsets': '200. Sets offsets of a stopped connector; `null` removes one.',
  'DELETE /connectors/:connector/offsets': '200. Removes all offsets of a stopped connector.',
  'GET /connector-plugins': 'Connectors; `?connectorsOnly=false` lists converters too.',
  'GET /connector-plugins/:plugin/config': 'Settings that a plugin defines.',
  'PUT /connector-plugins/:plugin/config/validate': '200 with every setting, its value and its errors. Starts nothing.',
  'GET /admin/loggers': 'Loggers and levels.',
  'GET /admin/loggers/:logger': 'One logger.',
  'PUT /admin/loggers/:logger': '200. Body `{"level": "DEBUG"}`.',
};

/** Why each dependency is there. */
export const DEPENDENCY_REASONS: Readonly<Record<string, string>> = {
  '@confluentinc/kafka-javascript':
    'Brings and builds librdkafka. Its JavaScript API is not used: one object a message is what costs (see [Decisions](#decisions)).',
  koffi: 'Calls librdkafka, and `flock`, from every thread. Prebuilt, no compiler needed.',
  chokidar: 'Tells at once when a file grows; a look once a second covers file systems that tell nothing.',
  commander: 'Command line.',
  'dot-properties':
    "Reads Java's `.properties`. That grammar decided: of 96 cases recorded from `java.util.Properties` it reads 95 right, properties-reader 37.",
  fastify: 'REST server. Loaded beside the first tasks, so that the first record does not wait for it.',
  winston: 'Writes the log. Loaded late for the same reason.',
};

/** What each file beside the offset file is for, by its name in the code. */
export const OFFSET_FILE_NOTES: Readonly<Record<string, string>> = {
  file: 'The offsets, in the format of the Java worker.',
  next: 'The next generation while it is written. Renamed when it is safe on disk.',
  previous: 'The generation before. Takes over, with a warning, when the current one is damaged.',
  damaged: 'A damaged file, kept for you when the previous one took its place.',
  hashes: 'SHA-256 of what this program wrote. Tells a file of ours (bytes) from one of a Java worker (characters).',
  lock: 'Locked while a worker runs. The lock goes with the process, also after `kill -9`; the file stays.',
};

/** What each exit code means; signals by their names. */
export const EXIT_NOTES: Readonly<Record<string, string>> = {
  ok: '`--drain` has moved everything; or `--version`.',
  usage: 'No arguments, or `--help`, as in Java.',
  failed: '`--drain` ended, but a connector or task has failed.',
  configuration: 'The worker could not be built: file missing, bad setting, port in use, broker unreachable.',
  start: 'The worker or one of its connectors could not be started, such as a bad connector file or a locked offset file.',
  SIGHUP: 'The terminal went away; an orderly stop. Not under `nohup`.',
  SIGINT: 'Stopped by Ctrl-C, after an orderly stop.',
  SIGTERM: 'Stopped by SIGTERM, after an orderly stop.',
};
