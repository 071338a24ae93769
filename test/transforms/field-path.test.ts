import { Int32 } from '../../src/data/java/boxed';
import { INT32_SCHEMA, OPTIONAL_INT32_SCHEMA } from '../../src/data/schema/connect-schema';
import { SchemaBuilder } from '../../src/data/schema/schema-builder';
import { Struct } from '../../src/data/schema/struct';
import { FieldPath, splitFieldPath } from '../../src/transforms/field-path';
import { readWithDefault } from '../../src/transforms/field-reader';

describe('A path of V2', () => {
  test.each<[string, string, readonly string[]]>([
    ['that is empty has no steps', '', []],
    ['is split at dots', 'foo.bar.baz', ['foo', 'bar', 'baz']],
    ['of dots alone has empty steps', '..', ['', '', '']],
    ['keeps backticks within a step', 'foo`bar`baz', ['foo`bar`baz']],
    ['may wrap its first step', '`foo.bar`.baz', ['foo.bar', 'baz']],
    ['may wrap its last step, with a backtick inside', 'foo.`ba`r.baz`', ['foo', 'ba`r.baz']],
    ['keeps the inner of two backticks', 'foo.``bar``.baz', ['foo', '`bar`', 'baz']],
    ['keeps the inner of two backticks around dots', '``foo.bar.baz``', ['`foo.bar.baz`']],
    ['takes an escaped backtick before a dot for a part of the step', '`foo\\`.bar`', ['foo`.bar']],
    ['may have several of them in a step', '`a\\`.b\\`.c`', ['a`.b`.c']],
    ['keeps a backslash before a backtick that is at no edge', '`foo\\`bar`', ['foo\\`bar']],
    ['keeps backslashes outside of wrapped steps', '\\`foo.b\\`', ['\\`foo', 'b\\`']],
    ['loses one of two backslashes before a backtick', '`foo\\\\`.bar`', ['foo\\`.bar']],
    ['may wrap nothing', '``', ['']],
    ['ends with an empty step behind a dot', '`foo`.', ['foo', '']],
  ])('%s', (_, path, steps) => expect(splitFieldPath(path)).toEqual(steps));

  test.each([
    ['`foo.bar', 0],
    ['foo.`bar', 4],
    ['`foo`bar', 0],
    ['`', 0],
    ['a.`foo\\`', 2],
    ['``a', 0],
    ['`a`.`b', 4],
  ])('%s has an unpaired backtick at %i', (path, position) => {
    const text = `Incomplete backtick pair in path: [${path}], consider adding a backslash before backtick at position ${position} to escape it`;
    expect(() => splitFieldPath(path)).toThrow(expect.objectContaining({ code: 'ConfigException', message: text }));
  });

  test('has its version in any case', () => {
    expect(new FieldPath('a.b', 'v2').valueInMap(new Map([['a', new Map([['b', 1]])]]))).toBe(1);
  });
});

test('A path of V1 is a name, whatever it holds', () => {
  expect(new FieldPath('`a.b', 'V1').valueInMap(new Map([['`a.b', 1]]))).toBe(1);
  expect(new FieldPath('', 'V1').valueInMap(new Map([['', 1]]))).toBe(1);
});

const INNER = SchemaBuilder.struct().optional().field('x', OPTIONAL_INT32_SCHEMA).build();
const OUTER = SchemaBuilder.struct().field('in', INNER).field('n', INT32_SCHEMA).build();

describe('In a schema and its structs', () => {
  const inner = new Struct(INNER).put('x', Int32.of(5));

  test.each<[string, string, Struct, unknown]>([
    ['a nested field', 'in.x', new Struct(OUTER).put('in', inner), Int32.of(5)],
    ['a whole struct', 'in', new Struct(OUTER).put('in', inner), inner],
    ['a field that the struct lacks', 'in.y', new Struct(OUTER).put('in', inner), null],
    ['a first step that the struct lacks', 'no.x', new Struct(OUTER).put('in', inner), null],
    ['a step that is null', 'in.x', new Struct(OUTER), null],
  ])('%s is found', (_, path, struct, value) => {
    expect(new FieldPath(path, 'V2').valueInStruct(struct, readWithDefault)).toEqual(value);
  });

  test('a step into a number is refused', () => {
    const path = new FieldPath('n.x', 'V2');
    const struct = new Struct(OUTER).put('n', Int32.of(1));
    expect(() => path.fieldOf(OUTER)).toThrow('Cannot look up fields on non-struct type');
    expect(() => path.valueInStruct(struct, readWithDefault)).toThrow(
      'Only Struct objects supported for [nested field access], found: java.lang.Integer',
    );
  });

  test('a field is told by its last step', () => {
    expect(new FieldPath('in.x', 'V2').fieldOf(OUTER)?.schema).toBe(OPTIONAL_INT32_SCHEMA);
    expect(new FieldPath('in.y', 'V2').fieldOf(OUTER)).toBeNull();
    expect(new FieldPath('no.x', 'V2').fieldOf(OUTER)).toBeNull();
  });
});

test('The empty path of V2 fails where it is used, with the text of Java', () => {
  const path = new FieldPath('', 'V2');
  const refusal = expect.objectContaining({ code: 'IllegalArgumentException', message: 'fromIndex(0) > toIndex(-1)' });
  expect(() => path.valueInMap(new Map())).toThrow(refusal);
  expect(() => path.fieldOf(OUTER)).toThrow(refusal);
});
