/** The versions that this worker names. */

/** The release of Apache Kafka Connect whose behaviour this worker has, and whose plugins of the same class names it has. */
export const KAFKA_VERSION = '4.3.0';

/** Stands where Java shows the commit of its build. */
export const COMMIT = 'connect-standalone';
