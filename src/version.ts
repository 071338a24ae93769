/** The versions that this worker names. */

/** The release of Apache Kafka Connect whose behaviour this worker has, and whose plugins of the same class names it has. */
export const KAFKA_VERSION = '4.3.0';

/** The release of this program, from package.json. */
export const PRODUCT_VERSION = (require('../../package.json') as { readonly version: string }).version;

/** Stands where Java shows the commit of its build: the one place of `GET /` that may hold any text, so clients of Java's worker take it. */
export const COMMIT = `connect-standalone ${PRODUCT_VERSION}`;
