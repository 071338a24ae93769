/** A JDBC sink of Java to compare with: that of Debezium, which is a Maven artifact. */
import fs from 'node:fs';
import path from 'node:path';
import { inRepository } from '../helpers/paths';
import { runCommand } from '../helpers/processes/child';
import type { Settings } from '../helpers/processes/worker-process';
import { kafkaJars } from '../helpers/servers/kafka-jars';

let found: Promise<string | null> | undefined;

/** The folder of its jars beside those of Kafka, fetched at the first call; null where Maven cannot have them. */
export function debeziumJars(): Promise<string | null> {
  found ??= fetchJars();
  return found;
}

async function fetchJars(): Promise<string | null> {
  const folder = path.join(path.dirname(kafkaJars()), 'debezium-jdbc-3.2.0');
  if (fs.existsSync(folder)) return folder;
  const part = `${folder}.${process.pid}`;
  // Hibernate finds modules of Kafka's Jackson, which must be of the same Jackson as its own
  const own = '-DexcludeGroupIds=com.fasterxml.jackson.core';
  const args = ['-q', '-B', '-f', inRepository('test/bench/debezium-pom.xml'), 'dependency:copy-dependencies'];
  const result = await runCommand('mvn', [...args, `-DoutputDirectory=${path.join(part, 'debezium')}`, '-DincludeScope=runtime', own], {
    timeoutMs: 600_000,
  }).catch(() => null);
  if (result?.code !== 0) return null;
  fs.renameSync(part, folder);
  return folder;
}

/** Settings of its sink that say what ours say. */
export function debeziumSettings(connection: Settings, mode: string, table: string): Settings {
  return {
    'connector.class': 'io.debezium.connector.jdbc.JdbcSinkConnector',
    'connection.url': connection['connection.url'] ?? '',
    'connection.username': connection['connection.user'] ?? '',
    'connection.password': connection['connection.password'] ?? '',
    'insert.mode': mode,
    'primary.key.mode': 'record_value',
    'primary.key.fields': 'id',
    'collection.name.format': table,
    'schema.evolution': 'none',
  };
}
