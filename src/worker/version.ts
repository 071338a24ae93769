/** What GET / tells of this build. */

/** The Kafka release whose behaviour this worker has. */
export const VERSION = '4.3.0';

/** Stands where Java shows the commit of its build. */
export const COMMIT = 'connect-standalone';
