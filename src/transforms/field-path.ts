/** Paths to fields of structs and maps, nested ones included (KIP-821; org.apache.kafka.connect.transforms.field.SingleFieldPath). */
import type { ConfigKey } from '../api/config-def';
import { caseInsensitiveValidString } from '../api/config-validators';
import type { Field, Schema } from '../data/schema/schema';
import type { Struct } from '../data/schema/struct';
import { ConnectError } from '../errors';
import type { FieldReader } from './field-reader';
import { requireMapOrNull, requireStructOrNull } from './requirements';

/** The setting that says how paths are written: V1 is a plain field name, V2 has steps. */
export const FIELD_SYNTAX_VERSION: ConfigKey = {
  name: 'field.syntax.version',
  type: 'STRING',
  defaultValue: 'V1',
  validator: caseInsensitiveValidString('V1', 'V2'),
  importance: 'HIGH',
  doc:
    'Defines the version of the syntax to access fields. If set to <code>V1</code>, then the field paths are limited to access the elements ' +
    'at the root level of the struct or map. If set to <code>V2</code>, the syntax will support accessing nested elements. To access nested ' +
    'elements, dotted notation is used. If dots are already included in the field name, then backtick pairs can be used to wrap field names ' +
    'containing dots. E.g. to access the subfield <code>baz</code> from a field named "foo.bar" in a struct/map the following format can be ' +
    'used to access its elements: "<code>foo.bar</code>.baz".',
};

const PURPOSE = 'nested field access';

/** The path of a field in a struct or map. */
export class FieldPath {
  private readonly parents: readonly string[];
  private readonly last: string | undefined;

  /**
   * @param path value of the setting
   * @param version of the syntax, in any case
   * @throws ConfigException for a path of V2 that cannot be read
   */
  constructor(path: string, version: string) {
    const steps = version.toUpperCase() === 'V2' ? splitFieldPath(path) : [path];
    this.parents = steps.slice(0, -1);
    this.last = steps.at(-1);
  }

  /** The field in a schema, or null if a step does not exist. @throws DataException for a step into anything but a STRUCT */
  fieldOf(schema: Schema): Field | null {
    const last = this.lastStep();
    let current = schema;
    for (const step of this.parents) {
      const field = lookUpField(current, step);
      if (!field) return null;
      current = field.schema;
    }
    return lookUpField(current, last);
  }

  /**
   * The value in a struct, or null if a step does not exist. Structs on the way are read with their defaults.
   * @param read reads the last step
   * @throws DataException for a step into anything but a struct
   */
  valueInStruct(struct: Struct, read: FieldReader): unknown {
    const last = this.lastStep();
    let current = struct;
    for (const step of this.parents) {
      const field = current.schema.field(step);
      const nested = field && requireStructOrNull(current.get(field), PURPOSE);
      if (!nested) return null;
      current = nested;
    }
    const field = current.schema.field(last);
    return field && read(current, field);
  }

  /** The value in a map, or null if a step does not exist. @throws DataException for a step into anything but a map */
  valueInMap(map: ReadonlyMap<string, unknown>): unknown {
    const last = this.lastStep();
    let current = map;
    for (const step of this.parents) {
      const nested = requireMapOrNull(current.get(step), PURPOSE);
      if (!nested) return null;
      current = nested;
    }
    return current.get(last) ?? null;
  }

  /** The last step. Java accepts the empty path of V2 when it is configured, and fails here. */
  private lastStep(): string {
    if (this.last !== undefined) return this.last;
    throw new ConnectError('IllegalArgumentException', 'fromIndex(0) > toIndex(-1)');
  }
}

/** The member of a schema with this name, or null. @throws DataException with Java's text unless it is a STRUCT */
export function lookUpField(schema: Schema, name: string): Field | null {
  if (schema.fields) return schema.field(name);
  throw new ConnectError('DataException', 'Cannot look up fields on non-struct type');
}

/**
 * The steps of a path of V2: separated by dots, each plain or, if it contains dots itself, in backticks. A backtick has a meaning only at
 * an edge of a step, where a backslash escapes it.
 * @throws ConfigException for a step that begins with a backtick and does not end with one
 */
export function splitFieldPath(path: string): readonly string[] {
  const steps: string[] = [];
  let start = 0;
  while (start < path.length) {
    const { step, end } = path[start] === '`' ? quotedStep(path, start) : plainStep(path, start);
    steps.push(step);
    start = end + 1;
  }
  if (path.endsWith('.')) steps.push('');
  return steps;
}

interface Step {
  readonly step: string;
  /** Index of the dot after the step, or the length of the path. */
  readonly end: number;
}

function plainStep(path: string, start: number): Step {
  const dot = path.indexOf('.', start);
  const end = dot < 0 ? path.length : dot;
  return { step: path.slice(start, end), end };
}

function quotedStep(path: string, opening: number): Step {
  let step = '';
  let from = opening + 1;
  for (let tick = path.indexOf('`', from); tick >= 0; tick = path.indexOf('`', tick + 1)) {
    const atEdge = tick === path.length - 1 || path[tick + 1] === '.';
    if (!atEdge) continue;
    if (path[tick - 1] !== '\\') return { step: step + path.slice(from, tick), end: tick + 1 };
    step += `${path.slice(from, tick - 1)}\``;
    from = tick + 1;
  }
  throw new ConnectError(
    'ConfigException',
    `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${opening} to escape it`,
  );
}
