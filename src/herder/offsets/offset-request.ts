/** The body of PATCH /connectors/{name}/offsets. */
import { isLong } from '../../data/java/java-number';
import { ConnectError } from '../../errors';

/** One element, with integers as bigint; null for what is missing. */
export interface OffsetRequest {
  readonly partition: Readonly<Record<string, unknown>> | null;
  readonly offset: Readonly<Record<string, unknown>> | null;
}

/** @throws ConnectError (BadRequestException) unless the body holds a non-empty list of partitions and offsets */
export function assertOffsetRequests(body: unknown): OffsetRequest[] {
  const offsets = isObject(body) ? body.offsets : undefined;
  if (offsets === undefined || offsets === null || (Array.isArray(offsets) && offsets.length === 0)) {
    throw badRequest('Partitions / offsets need to be provided for an alter offsets request');
  }
  const unknown = isObject(body) ? Object.keys(body).find(key => key !== 'offsets') : undefined;
  if (unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}" (one known property: "offsets")`);
  if (!Array.isArray(offsets)) throw badRequest("'offsets' must be a list of objects with the fields 'partition' and 'offset'");
  return offsets.map(assertOffsetRequest);
}

function assertOffsetRequest(element: unknown): OffsetRequest {
  if (!isObject(element)) throw badRequest("Each element of 'offsets' must be an object with the fields 'partition' and 'offset'");
  const unknown = Object.keys(element).find(key => key !== 'partition' && key !== 'offset');
  if (unknown !== undefined) throw badRequest(`Unrecognized field "${unknown}" in an element of 'offsets' (known: "partition", "offset")`);
  const { partition = null, offset = null } = element;
  if (partition !== null && !isObject(partition)) throw badRequest("The field 'partition' must be an object or null");
  if (offset !== null && !isObject(offset)) throw badRequest("The field 'offset' must be an object or null");
  return { partition, offset };
}

/**
 * Checks that partitions and offsets of a source hold what can be stored (org.apache.kafka.connect.storage.OffsetUtils.validateFormat, with
 * its texts; Java responds with 500).
 * @throws ConnectError (BadRequestException)
 */
export function assertPrimitive(requests: readonly OffsetRequest[]): void {
  for (const { partition, offset } of requests) {
    for (const [field, value] of [...Object.entries(partition ?? {}), ...Object.entries(offset ?? {})]) {
      const kind = unstorableKind(value);
      if (kind) throw badRequest(`Offsets may only contain primitive types as values, but field ${field} contains ${kind}`);
    }
  }
}

/** The Java class of a value that cannot be stored; null if it can. */
function unstorableKind(value: unknown): string | null {
  if (Array.isArray(value)) return 'ARRAY';
  if (isObject(value)) return 'MAP';
  return typeof value === 'bigint' && !isLong(value) ? 'class java.math.BigInteger' : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badRequest(message: string): ConnectError {
  return new ConnectError('BadRequestException', message);
}
