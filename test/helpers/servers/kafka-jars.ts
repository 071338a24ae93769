import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inRepository } from '../paths';

/** The folder into which the set-up puts the jars; the same rule as in bin/setup.mjs. Throws if they are not there. */
export function kafkaJars(): string {
  const cache = process.env.CONNECT_STANDALONE_CACHE || path.join(os.homedir(), '.cache', 'connect-standalone');
  const pom = createHash('sha256')
    .update(fs.readFileSync(inRepository('test/helpers/servers/pom.xml')))
    .digest('hex');
  const folder = path.join(cache, `kafka-${pom.slice(0, 12)}`);
  if (!fs.existsSync(folder)) throw new Error(`the jars of Apache Kafka are not in ${folder}; run: node bin/setup.mjs --test`);
  return folder;
}

/** Arguments of `java` for a class of the distribution. */
export function javaArguments(mainClass: string, args: readonly string[], jvm: readonly string[] = []): string[] {
  const log = `-Dlog4j2.configurationFile=${inRepository('test/helpers/servers/log4j2.xml')}`;
  return [...jvm, log, '-cp', path.join(kafkaJars(), '*'), mainClass, ...args];
}
