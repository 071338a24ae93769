import { javaArguments } from '../servers/kafka-jars';
import { startWorker, type WorkerOptions, type WorkerProcess } from './worker-process';

/** The command line of Apache Kafka's own standalone worker, with the heap its script gives it. */
export function javaWorkerCommand(jvm: readonly string[] = ['-Xms256M', '-Xmx2G']): [string, ...string[]] {
  return ['java', ...javaArguments('org.apache.kafka.connect.cli.ConnectStandalone', [], jvm)];
}

/** Starts Apache Kafka's own standalone worker, to compare with; takes 6 to 10 s until it is healthy. */
export async function startJavaWorker(options: Omit<WorkerOptions, 'command'>): Promise<WorkerProcess> {
  return startWorker({ ...options, command: javaWorkerCommand() });
}
