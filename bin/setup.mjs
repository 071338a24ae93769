#!/usr/bin/env node
// Sets up all that the commands of package.json need, on a machine with Node and npm and nothing of ours. Every step has a
// check and an action, so a second run does nothing. Speaks on stderr, since stdout belongs to the command that follows.
//
//   node bin/setup.mjs            what `npm start` needs: Debian packages of the native library, npm packages, the build
//   node bin/setup.mjs --test     also what the tests need: Java, Maven, kcat, the jars of Apache Kafka, PostgreSQL, MariaDB
//
// CONNECT_STANDALONE_CACHE names the folder for the jars (default: ~/.cache/connect-standalone).
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => path.join(root, ...parts);
const forTests = process.argv.includes('--test');
const NODE_MAJOR = 20;
const KAFKA_JAVASCRIPT = 'node_modules/@confluentinc/kafka-javascript';

// ---------------------------------------------------------------- talking and running
const say = text => process.stderr.write(`set-up: ${text}\n`);

/** Ends the set-up; the text says what to do. */
function stop(text) {
  say(text);
  process.exit(1);
}

/** The environment without what an outer npm has put there, such as `npm_config_global`. */
function cleanEnv(extra) {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_(config|package|lifecycle)_/i.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** Runs a command; its output is shown only if it fails. */
function run(command, args, { cwd = root, env = {} } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env: cleanEnv(env),
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (result.error) stop(`cannot run ${command}: ${result.error.message}`);
  if (result.status === 0) return;
  process.stderr.write(result.stdout.slice(-8000) + result.stderr.slice(-8000));
  stop(`this failed (exit ${result.status ?? result.signal}): ${command} ${args.join(' ')}`);
}

const onPath = command => (process.env.PATH ?? '').split(':').some(folder => folder !== '' && fs.existsSync(path.join(folder, command)));

// ---------------------------------------------------------------- Node
function checkNode() {
  if (Number(process.versions.node.split('.')[0]) < NODE_MAJOR) stop(`Node ${NODE_MAJOR} or later is needed, this is ${process.version}`);
}

// ---------------------------------------------------------------- Debian packages
/** The headers that librdkafka is built against. */
const LIBRARY_PACKAGES = ['libcurl4-openssl-dev', 'libsasl2-dev', 'libssl-dev', 'zlib1g-dev', 'libzstd-dev', 'liblz4-dev'];

function missingLibraryPackages() {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills it in
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...LIBRARY_PACKAGES], { encoding: 'utf8' });
  if (query.error) return LIBRARY_PACKAGES;
  const installed = new Set(query.stdout.split('\n').flatMap(line => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])));
  return LIBRARY_PACKAGES.filter(name => !installed.has(name));
}

/** What the build of the native library lacks; nothing once it is built. */
function missingForNativeBuild() {
  const tools = ['g++', 'make', 'python3'].filter(tool => !onPath(tool));
  return [...missingLibraryPackages(), ...tools];
}

function javaMajor() {
  if (!onPath('java')) return 0;
  const answer = spawnSync('java', ['-version'], { encoding: 'utf8' });
  return Number(/version "(\d+)/.exec(answer.stderr ?? '')?.[1] ?? 0);
}

/** The Debian package of the oldest Java that serves (17 in Debian 12, 21 in Debian 13). */
function javaPackage() {
  const offered = name => spawnSync('apt-cache', ['show', name], { stdio: 'ignore' }).status === 0;
  return ['openjdk-17-jre-headless', 'openjdk-21-jre-headless'].find(offered) ?? 'default-jre-headless';
}

/** PostgreSQL keeps its servers in folders by version, MariaDB its own where only root looks. */
const hasPostgres = () => {
  const folder = '/usr/lib/postgresql';
  return (
    onPath('initdb') || (fs.existsSync(folder) && fs.readdirSync(folder).some(name => fs.existsSync(path.join(folder, name, 'bin/initdb'))))
  );
};
const hasPgBouncer = () => onPath('pgbouncer') || fs.existsSync('/usr/sbin/pgbouncer');
const hasMariaDb = () => onPath('mariadbd') || fs.existsSync('/usr/sbin/mariadbd');

function missingForTests() {
  const missing = onPath('kcat') ? [] : ['kcat'];
  if (!hasPostgres()) missing.push('postgresql');
  if (!hasPgBouncer()) missing.push('pgbouncer');
  if (!hasMariaDb()) missing.push('mariadb-server');
  if (javaMajor() < 17) missing.push('java');
  if (!fs.existsSync(jarsFolder()) && !onPath('mvn')) missing.push('maven');
  return missing;
}

function installDebianPackages() {
  const native = nativeLibrary() ? [] : missingForNativeBuild();
  const tests = forTests ? missingForTests() : [];
  if (native.length + tests.length === 0) return;
  if (!onPath('apt-get'))
    stop(`this system has no apt-get; please install what these Debian packages hold: ${[...native, ...tests].join(' ')}`);
  const isRoot = process.getuid?.() === 0;
  if (isRoot) run('apt-get', ['update', '-q']);
  const names = [...native, ...tests].map(name => (name === 'java' ? javaPackage() : name));
  const install = ['install', '-y', '--no-install-recommends', ...names];
  if (!isRoot) stop(`Debian packages are missing, and only root may install them. Run:\n  sudo apt-get ${install.join(' ')}`);
  if (native.length > 0) say(`installing Debian packages to build the Kafka client library with: ${native.join(' ')}`);
  if (tests.length > 0)
    say(
      `installing Debian packages for the tests (a real Kafka, databases, and a peer to talk to it): ${names.slice(native.length).join(' ')}`,
    );
  run('apt-get', install, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
}

// ---------------------------------------------------------------- npm packages and the native library
function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(at(file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * True if all that the lock file names lies in node_modules in that version. Optional packages may be absent, as those of other platforms
 * are, but not the drivers of databases, which package.json names.
 */
function packagesFit() {
  const wanted = readPackages('package-lock.json');
  const present = readPackages('node_modules/.package-lock.json');
  if (!wanted || !present) return false;
  const drivers = Object.keys(wanted['']?.optionalDependencies ?? {}).map(name => `node_modules/${name}`);
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    return present[name] ? present[name].version === entry.version : entry.optional === true && !drivers.includes(name);
  });
}

/** The file that holds librdkafka: the shared library of a dynamic build, or else the addon itself. */
function nativeLibrary() {
  const release = at(KAFKA_JAVASCRIPT, 'build/Release');
  const shared = at(KAFKA_JAVASCRIPT, 'build/deps/librdkafka.so.1');
  if (fs.existsSync(release) && fs.readdirSync(release).some(name => name.endsWith('.node')))
    return fs.existsSync(shared) ? shared : release;
  return undefined;
}

/** With which generation of Node the driver of SQLite was last seen to load, or not. */
const nodeGenerationFile = at('node_modules/.node-generation');

function installPackages() {
  if (packagesFit()) return;
  if (fs.lstatSync(at('node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    stop('node_modules is a link and does not fit package-lock.json: run npm install where it points to');
  }
  say(`installing npm packages${nativeLibrary() ? '' : ' and building the Kafka client library, which takes 1 to 2 minutes'}`);
  // Not `npm ci`, which begins by deleting node_modules and with it that library. The versions are those of the lock file either way.
  run('npm', ['install', '--no-save', '--no-audit', '--no-fund'], { env: { CKJS_LINKING: 'dynamic' } });
  // what was known of the drivers that lay here before
  fs.rmSync(nodeGenerationFile, { force: true });
}

function buildNativeLibrary() {
  if (nativeLibrary()) return;
  // npm may be told not to run install scripts of packages; asked for by name, this one runs.
  say('building the Kafka client library (1 to 2 minutes)');
  run('npm', ['run', 'install'], { cwd: at(KAFKA_JAVASCRIPT), env: { CKJS_LINKING: 'dynamic' } });
  if (!nativeLibrary()) stop(`the Kafka client library was not built, see ${KAFKA_JAVASCRIPT}/build`);
}

/**
 * SQLite's driver is compiled for one generation of Node; another one refuses to load it. The generation it was last seen to load with is
 * noted, so that nothing is tried at most starts. Without it everything but SQLite works, so a failure is only told.
 */
function fitDriversToNode() {
  const generation = process.versions.modules;
  // one that failed is not tried again before the packages are installed anew
  if (fs.existsSync(nodeGenerationFile) && fs.readFileSync(nodeGenerationFile, 'utf8').split(' ')[0] === generation) return;
  const loads = () =>
    spawnSync(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"], { cwd: root, stdio: 'ignore' }).status === 0;
  if (!loads()) {
    say(`building the driver of SQLite for this Node (${process.version}), which takes a minute`);
    const folder = path.dirname(process.execPath);
    const result = spawnSync('npm', ['rebuild', 'better-sqlite3'], {
      cwd: root,
      env: cleanEnv({ PATH: `${folder}:${process.env.PATH ?? ''}`, ...ownHeaders(path.dirname(folder)) }),
      encoding: 'utf8',
    });
    if (!loads()) {
      say(`SQLite cannot be used with this Node (${process.version}), everything else can:\n${String(result.stderr).slice(-2000)}`);
      fs.writeFileSync(nodeGenerationFile, `${generation} without SQLite`);
      return;
    }
  }
  fs.writeFileSync(nodeGenerationFile, generation);
}

/** Where a Node has its headers with it, they fit, and nothing is to be fetched: npm's own settings may name those of another Node. */
const ownHeaders = prefix => (fs.existsSync(path.join(prefix, 'include/node/node.h')) ? { npm_config_nodedir: prefix } : {});

// ---------------------------------------------------------------- the build
function* filesBelow(folder, extension) {
  for (const entry of fs.readdirSync(at(folder), { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && entry.name.endsWith(extension)) yield path.join(path.relative(root, entry.parentPath ?? entry.path), entry.name);
  }
}

const sourceFiles = () => ['src', 'test'].filter(folder => fs.existsSync(at(folder))).flatMap(folder => [...filesBelow(folder, '.ts')]);

/** Changes when a source does: names, sizes and times, as reading all of them would take too long. */
function digestOfSources() {
  const hash = createHash('sha256');
  for (const file of [...sourceFiles().sort(), 'tsconfig.json', 'package-lock.json']) {
    const { size, mtimeMs } = fs.statSync(at(file));
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

/** Compiled files whose source is gone would still be found by Jest. */
function removeOrphans() {
  const kept = new Set(sourceFiles().map(file => at('dist', file.replace(/\.ts$/, '.js'))));
  for (const folder of ['dist/src', 'dist/test']) {
    if (!fs.existsSync(at(folder))) continue;
    for (const file of filesBelow(folder, '.js')) if (!kept.has(at(file))) fs.rmSync(at(file));
  }
}

function build() {
  const stamp = at('dist/.setup-stamp');
  const digest = digestOfSources();
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === digest && fs.existsSync(at('dist/src'))) return;
  say('building dist (TypeScript)');
  removeOrphans();
  run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', at('tsconfig.json')]);
  fs.writeFileSync(stamp, digest);
}

// ---------------------------------------------------------------- the jars of Apache Kafka
function jarsFolder() {
  const cache = process.env.CONNECT_STANDALONE_CACHE || path.join(os.homedir(), '.cache', 'connect-standalone');
  const pom = createHash('sha256')
    .update(fs.readFileSync(at('test/helpers/servers/pom.xml')))
    .digest('hex');
  return path.join(cache, `kafka-${pom.slice(0, 12)}`);
}

function fetchJars() {
  const folder = jarsFolder();
  if (fs.existsSync(folder)) return;
  say(`fetching the jars of Apache Kafka with Maven (broker and original worker for the tests) into ${folder}`);
  const partial = `${folder}.${process.pid}`;
  run('mvn', [
    '-q',
    '-B',
    '-f',
    at('test/helpers/servers/pom.xml'),
    'dependency:copy-dependencies',
    `-DoutputDirectory=${partial}`,
    '-DincludeScope=runtime',
  ]);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(partial, folder);
}

// ---------------------------------------------------------------- one set-up at a time
const lockFile = at('dist/.setup-lock');

function lockHolder() {
  try {
    const pid = Number(fs.readFileSync(lockFile, 'utf8'));
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return error.code === 'EPERM' ? -1 : undefined;
  }
}

/** Waits for another set-up of this folder; a lock whose process is gone counts for nothing. */
function takeLock() {
  fs.mkdirSync(at('dist'), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      fs.writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      process.on('exit', () => fs.rmSync(lockFile, { force: true }));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = lockHolder();
    if (holder === undefined) fs.rmSync(lockFile, { force: true });
    else if (!told) say(`waiting for another set-up (process ${holder})`);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));
checkNode();
takeLock();
installDebianPackages();
installPackages();
buildNativeLibrary();
fitDriversToNode();
build();
if (forTests) fetchJars();
