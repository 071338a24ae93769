/** The versions that this worker names. */

/** The release of Apache Kafka Connect whose behaviour and plugins this worker reproduces. */
export const KAFKA_VERSION = '4.3.0';

/** The release of this program, from package.json. */
export const PRODUCT_VERSION = (require('../../package.json') as { readonly version: string }).version;

/**
 * Shown by `GET /` where Java shows the commit of its build: the one field that may hold any text, so clients of Java's worker accept it.
 */
export const COMMIT = `connect-standalone ${PRODUCT_VERSION}`;
